CREATE TABLE IF NOT EXISTS mails
(
    account UInt32 COMMENT 'Customer that the job belongs to',
    job UInt64 COMMENT 'Send job (campaign)',
    piece UInt16 COMMENT 'Ordinal of the piece, from 0: the pieces one after another are the mail',
    pieces UInt16 COMMENT 'How many pieces the mail has',
    truncated Bool COMMENT 'Whether the mail goes on behind its last piece',
    language LowCardinality(String) COMMENT 'Language that the mail says it is in (BCP 47), empty where it does not',
    direction LowCardinality(String) COMMENT 'ltr or rtl',
    html String COMMENT 'HTML that nothing can be clicked in; data-position names the position of a link' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (account, job, piece)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'The mail of each job with placeholders for what differs between recipients; read with FINAL';
