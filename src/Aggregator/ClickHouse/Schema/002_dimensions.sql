CREATE TABLE IF NOT EXISTS jobs
(
    account UInt32 COMMENT 'Customer that the job belongs to',
    job UInt64 COMMENT 'Send job (campaign)',
    created DateTime64(3, 'UTC') COMMENT 'When the job was accepted',
    campaign_id String COMMENT 'Id that the upstream app gave the campaign',
    subject String COMMENT 'Subject as written in the template',
    from_email String COMMENT 'Sender address',
    from_name String COMMENT 'Sender name',
    metadata String COMMENT 'JSON object of the upstream app' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (account, job)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Send jobs; read with FINAL';

CREATE TABLE IF NOT EXISTS links
(
    account UInt32 COMMENT 'Customer that the job belongs to',
    job UInt64 COMMENT 'Send job (campaign)',
    position UInt16 COMMENT 'Ordinal of the link in the template, from 1',
    link UInt16 COMMENT 'Ordinal of the distinct URL in the template, from 1',
    part LowCardinality(String) COMMENT 'html or text',
    url String COMMENT 'URL as written in the template' CODEC(ZSTD(3)),
    text String COMMENT 'What the reader sees of the link' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (account, job, position)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Links of the template of each job; read with FINAL';

CREATE TABLE IF NOT EXISTS recipients
(
    account UInt32 COMMENT 'Customer that the job belongs to',
    job UInt64 COMMENT 'Send job (campaign)',
    recipient UInt32 COMMENT 'Ordinal of the recipient within the job, from 0',
    upstream_id String COMMENT 'Id that the upstream app gave the recipient' CODEC(ZSTD(1)),
    variant LowCardinality(String) COMMENT 'A/B variant, empty where none',
    domain LowCardinality(String) COMMENT 'Domain of the address, lower case A-label',
    recipient_key FixedString(16) COMMENT 'Keyed hash of account and address: the same person across jobs; lower(hex(recipient_key)) is its usual spelling',
    metadata String COMMENT 'JSON object of the upstream app' CODEC(ZSTD(3)),
    INDEX key_bloom recipient_key TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX upstream_bloom upstream_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (account, job, recipient)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'What the events of a recipient do not carry; read with FINAL or by ANY JOIN';
