CREATE TABLE IF NOT EXISTS clicks_by_link
(
    account UInt32 COMMENT 'Customer that the job belongs to',
    job UInt64 COMMENT 'Send job (campaign)',
    position UInt16 COMMENT 'Ordinal of the link in the template, from 1',
    link UInt16 COMMENT 'Ordinal of the distinct URL in the template, from 1',
    class Enum8('human' = 0, 'proxy' = 1, 'scanner' = 2) COMMENT 'Who clicked',
    bucket DateTime('UTC') COMMENT 'Start of the quarter of an hour',
    clicks SimpleAggregateFunction(sum, UInt64) COMMENT 'Clicks; add up with sum',
    people AggregateFunction(groupBitmap, UInt32) COMMENT 'Recipients who clicked; count with groupBitmapMerge'
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (account, job, position, link, class, bucket)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Clicks by link and quarter of an hour, totals and people';

CREATE VIEW IF NOT EXISTS clicks_by_link_raw AS
SELECT account, job, position, link, class, toStartOfFifteenMinutes(time) AS bucket,
    count() AS clicks, groupBitmapState(recipient) AS people
FROM events
WHERE kind = 'clicked'
GROUP BY account, job, position, link, class, bucket
COMMENT 'What clicks_by_link holds, counted again from events';

CREATE MATERIALIZED VIEW IF NOT EXISTS clicks_by_link_view TO clicks_by_link AS
SELECT account, job, position, link, class, toStartOfFifteenMinutes(time) AS bucket,
    count() AS clicks, groupBitmapState(recipient) AS people
FROM events
WHERE kind = 'clicked'
GROUP BY account, job, position, link, class, bucket;

CREATE TABLE IF NOT EXISTS events_by_job
(
    account UInt32 COMMENT 'Customer that the job belongs to',
    job UInt64 COMMENT 'Send job (campaign)',
    kind Enum8('accepted' = 1, 'delivered' = 2, 'deferred' = 3, 'bounced' = 4, 'dropped' = 5, 'expired' = 6, 'out_of_band' = 7, 'opened' = 8, 'clicked' = 9, 'unsubscribed' = 10, 'resubscribed' = 11, 'complained' = 12) COMMENT 'What happened',
    class Enum8('human' = 0, 'proxy' = 1, 'scanner' = 2) COMMENT 'Who opened or clicked; human where no reader is concerned',
    bounce_class Enum8('none' = 0, 'undetermined' = 1, 'invalid_recipient' = 10, 'soft_bounce' = 20, 'dns_failure' = 21, 'mailbox_full' = 22, 'too_large' = 23, 'timeout' = 24, 'admin_failure' = 25, 'generic_bounce' = 30, 'mail_block' = 50, 'spam_block' = 51, 'spam_content' = 52, 'prohibited_attachment' = 53, 'relaying_denied' = 54, 'transient_failure' = 70) COMMENT 'Why the peer refused',
    reason LowCardinality(String) COMMENT 'Why recipients were dropped; empty for other kinds',
    bucket DateTime('UTC') COMMENT 'Start of the quarter of an hour',
    events SimpleAggregateFunction(sum, UInt64) COMMENT 'Events; add up with sum',
    people AggregateFunction(groupBitmap, UInt32) COMMENT 'Recipients concerned; count with groupBitmapMerge'
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (account, job, kind, class, bounce_class, reason, bucket)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Events of each job by kind and quarter of an hour, totals and people';

CREATE VIEW IF NOT EXISTS events_by_job_raw AS
SELECT account, job, kind, class, bounce_class, if(kind = 'dropped', events.reason, '') AS reason,
    toStartOfFifteenMinutes(time) AS bucket, count() AS events, groupBitmapState(recipient) AS people
FROM events
GROUP BY account, job, kind, class, bounce_class, reason, bucket
COMMENT 'What events_by_job holds, counted again from events';

CREATE MATERIALIZED VIEW IF NOT EXISTS events_by_job_view TO events_by_job AS
SELECT account, job, kind, class, bounce_class, if(kind = 'dropped', events.reason, '') AS reason,
    toStartOfFifteenMinutes(time) AS bucket, count() AS events, groupBitmapState(recipient) AS people
FROM events
GROUP BY account, job, kind, class, bounce_class, reason, bucket;
