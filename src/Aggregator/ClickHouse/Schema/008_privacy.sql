CREATE TABLE IF NOT EXISTS erased
(
    account UInt32 COMMENT 'Customer that the job belongs to',
    job UInt64 COMMENT 'Send job (campaign)',
    recipient UInt32 COMMENT 'Ordinal of the recipient within the job, from 0',
    since DateTime('UTC') DEFAULT now() COMMENT 'When the person was erased'
)
ENGINE = ReplacingMergeTree
ORDER BY (account, job, recipient)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Recipients who were erased: what tells who they are is blank in events and recipients, also in what comes late';

CREATE TABLE IF NOT EXISTS thinned_jobs
(
    account UInt32 COMMENT 'Customer that the job belongs to',
    job UInt64 COMMENT 'Send job (campaign)',
    before DateTime('UTC') COMMENT 'Events from before this time are gone from table events'
)
ENGINE = ReplacingMergeTree(before)
ORDER BY (account, job)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Jobs of which events have gone by retention: their roll-ups hold more than can be counted again, and are not counted again';
