CREATE TABLE IF NOT EXISTS events
(
    producer UInt64 COMMENT 'Who numbered the event: an Mta node or a tracker' CODEC(ZSTD(1)),
    shard UInt16 COMMENT 'Event stream that it came through' CODEC(ZSTD(1)),
    number UInt64 COMMENT 'Ordinal that its producer gave it on this shard; with producer and shard the event id' CODEC(Delta, ZSTD(1)),
    kind Enum8('accepted' = 1, 'delivered' = 2, 'deferred' = 3, 'bounced' = 4, 'dropped' = 5, 'expired' = 6, 'out_of_band' = 7, 'opened' = 8, 'clicked' = 9, 'unsubscribed' = 10, 'resubscribed' = 11, 'complained' = 12) COMMENT 'What happened',
    time DateTime64(3, 'UTC') COMMENT 'When, by the clock of the producer' CODEC(Delta, ZSTD(1)),
    account UInt32 COMMENT 'Customer that the job belongs to' CODEC(ZSTD(1)),
    job UInt64 COMMENT 'Send job (campaign)' CODEC(ZSTD(1)),
    recipient UInt32 COMMENT 'Ordinal of the recipient within the job, from 0' CODEC(ZSTD(1)),
    link UInt16 COMMENT 'Ordinal of the distinct URL in the template, from 1; 0 where no link is concerned' CODEC(ZSTD(1)),
    position UInt16 COMMENT 'Ordinal of the link in the template, from 1; 0 where no link is concerned' CODEC(ZSTD(1)),
    loop_index UInt16 COMMENT 'How many times the position was rendered before in the same message' CODEC(ZSTD(1)),
    class Enum8('human' = 0, 'proxy' = 1, 'scanner' = 2) COMMENT 'Who opened or clicked, as far as can be told' CODEC(ZSTD(1)),
    class_reason LowCardinality(String) COMMENT 'Rule that decided the class',
    attempt UInt16 COMMENT 'Ordinal of the delivery attempt, from 1; 0 where none was made' CODEC(ZSTD(1)),
    smtp_code UInt16 COMMENT 'SMTP reply code, 0 where there was no reply' CODEC(ZSTD(1)),
    enhanced_status LowCardinality(String) COMMENT 'RFC 3463 status such as 5.1.1',
    bounce_class Enum8('none' = 0, 'undetermined' = 1, 'invalid_recipient' = 10, 'soft_bounce' = 20, 'dns_failure' = 21, 'mailbox_full' = 22, 'too_large' = 23, 'timeout' = 24, 'admin_failure' = 25, 'generic_bounce' = 30, 'mail_block' = 50, 'spam_block' = 51, 'spam_content' = 52, 'prohibited_attachment' = 53, 'relaying_denied' = 54, 'transient_failure' = 70) COMMENT 'Why the peer refused' CODEC(ZSTD(1)),
    mx LowCardinality(String) COMMENT 'Peer that answered',
    reason LowCardinality(String) COMMENT 'A word for machines: why a recipient was dropped, or the reason given when unsubscribing',
    reply String COMMENT 'Reply of the peer, or what is wrong in words' CODEC(ZSTD(3)),
    url String COMMENT 'Destination that was clicked, as rendered for this recipient' CODEC(ZSTD(3)),
    user_agent LowCardinality(String) COMMENT 'User-Agent of the reader',
    ip IPv6 COMMENT 'Address of the reader, IPv4 mapped; :: where there is none' CODEC(ZSTD(1)),
    uncertain Bool COMMENT 'An earlier copy may have reached the recipient (RFC 1047)' CODEC(ZSTD(1)),
    INDEX number_range number TYPE minmax GRANULARITY 1,
    PROJECTION marks (SELECT shard, producer, max(number) GROUP BY shard, producer)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (account, job, kind, time, recipient)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Every event exactly once; what every other figure can be counted again from';
