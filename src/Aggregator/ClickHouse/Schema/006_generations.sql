CREATE TABLE IF NOT EXISTS reclassifications
(
    producer UInt64 COMMENT 'Who numbered the event' CODEC(ZSTD(1)),
    shard UInt16 COMMENT 'Event stream that it came through' CODEC(ZSTD(1)),
    number UInt64 COMMENT 'Its number of that producer on that shard' CODEC(Delta, ZSTD(1)),
    account UInt32 COMMENT 'Customer that the job belongs to' CODEC(ZSTD(1)),
    job UInt64 COMMENT 'Send job (campaign)' CODEC(ZSTD(1)),
    kind Enum8('accepted' = 1, 'delivered' = 2, 'deferred' = 3, 'bounced' = 4, 'dropped' = 5, 'expired' = 6, 'out_of_band' = 7, 'opened' = 8, 'clicked' = 9, 'unsubscribed' = 10, 'resubscribed' = 11, 'complained' = 12) COMMENT 'What happened',
    recipient UInt32 COMMENT 'Ordinal of the recipient within the job, from 0' CODEC(ZSTD(1)),
    time DateTime64(3, 'UTC') COMMENT 'When it happened' CODEC(Delta, ZSTD(1)),
    class Enum8('human' = 0, 'proxy' = 1, 'scanner' = 2) COMMENT 'Who opened or clicked, as is known now' CODEC(ZSTD(1)),
    class_reason LowCardinality(String) COMMENT 'Rule that decided so in hindsight',
    version UInt64 COMMENT 'Above 0; of two rows of an event the higher one holds' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (account, job, shard, producer, number)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Classes that events have in hindsight, where they differ from the first sight; read with FINAL';

CREATE TABLE IF NOT EXISTS rollup_generations
(
    account UInt32 COMMENT 'Customer that the job belongs to',
    job UInt64 COMMENT 'Send job (campaign)',
    generation UInt64 COMMENT 'Count of the roll-ups that readers see'
)
ENGINE = ReplacingMergeTree(generation)
ORDER BY (account, job)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Jobs whose roll-ups were counted again, with the count that holds; the highest one does';

CREATE TABLE IF NOT EXISTS shard_fences
(
    shard UInt16 COMMENT 'Event stream',
    number UInt64 COMMENT 'Rises with each owner; inserts of an owner with a lower one are refused',
    owner String COMMENT 'Lease under which it was taken',
    taken DateTime('UTC') DEFAULT now() COMMENT 'When'
)
ENGINE = MergeTree
ORDER BY (shard, number)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Who may insert events of a shard: the owner with the highest number';

CREATE TABLE IF NOT EXISTS numbers_aside
(
    shard UInt16 COMMENT 'Event stream',
    producer UInt64 COMMENT 'Who gave the numbers',
    first UInt64 COMMENT 'First of the numbers',
    last UInt64 COMMENT 'Last of them',
    what Enum8('dimension' = 1, 'dead' = 2, 'before' = 3) COMMENT 'Jobs and links; records that could not be read; or numbers from before this table was kept, events or not'
)
ENGINE = ReplacingMergeTree
ORDER BY (shard, producer, first, last, what)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Numbers of records that are no rows of events, so that a gap can be told from them';

INSERT INTO numbers_aside SELECT shard, producer, 1, max(number), 'before' FROM events GROUP BY shard, producer;

CREATE TABLE IF NOT EXISTS events_in
(
    fence UInt64 COMMENT 'Number of the shard''s fence that the inserting owner holds',
    producer UInt64,
    shard UInt16,
    number UInt64,
    kind Enum8('accepted' = 1, 'delivered' = 2, 'deferred' = 3, 'bounced' = 4, 'dropped' = 5, 'expired' = 6, 'out_of_band' = 7, 'opened' = 8, 'clicked' = 9, 'unsubscribed' = 10, 'resubscribed' = 11, 'complained' = 12),
    time DateTime64(3, 'UTC'),
    account UInt32,
    job UInt64,
    recipient UInt32,
    link UInt16,
    position UInt16,
    loop_index UInt16,
    class Enum8('human' = 0, 'proxy' = 1, 'scanner' = 2),
    class_reason LowCardinality(String),
    attempt UInt16,
    smtp_code UInt16,
    enhanced_status LowCardinality(String),
    bounce_class Enum8('none' = 0, 'undetermined' = 1, 'invalid_recipient' = 10, 'inactive_mailbox' = 11, 'bad_domain' = 12, 'soft_bounce' = 20, 'dns_failure' = 21, 'mailbox_full' = 22, 'too_large' = 23, 'timeout' = 24, 'admin_failure' = 25, 'routing_error' = 27, 'generic_bounce' = 30, 'mail_block' = 50, 'spam_block' = 51, 'spam_content' = 52, 'prohibited_attachment' = 53, 'relaying_denied' = 54, 'auth_failure' = 55, 'policy_block' = 56, 'invalid_sender' = 57, 'transient_failure' = 70, 'greylisted' = 71, 'rate_limited' = 72, 'protocol_error' = 73),
    mx LowCardinality(String),
    reason LowCardinality(String),
    reply String,
    url String,
    user_agent LowCardinality(String),
    ip IPv6,
    uncertain Bool
)
ENGINE = Null
COMMENT 'The door to events: holds nothing, lets in what the current owner of the shard brings';

CREATE MATERIALIZED VIEW IF NOT EXISTS events_in_view TO events AS
SELECT producer, shard, number, kind, time, account, job, recipient, link, position, loop_index, class, class_reason, attempt, smtp_code,
    enhanced_status, bounce_class, mx, reason, reply, url, user_agent, ip, uncertain
FROM events_in
WHERE throwIf((shard, fence) NOT IN (SELECT shard, max(number) FROM shard_fences GROUP BY shard), 'another owner has the shard') = 0;

DROP VIEW IF EXISTS clicks_by_link_view;

DROP VIEW IF EXISTS events_by_job_view;

-- unless clicks_by_link_rows
RENAME TABLE clicks_by_link TO clicks_by_link_rows;

ALTER TABLE clicks_by_link_rows
    ADD COLUMN IF NOT EXISTS generation UInt64 COMMENT 'Count that the row is of: readers see those of the job''s row in rollup_generations, 0 where it has none',
    MODIFY ORDER BY (account, job, position, link, class, bucket, generation);

ALTER TABLE clicks_by_link_rows MODIFY COMMENT 'Storage of clicks_by_link, with counts that were replaced or never finished';

CREATE OR REPLACE VIEW clicks_by_link AS
SELECT r.account AS account, r.job AS job, r.position AS position, r.link AS link, r.class AS class, r.bucket AS bucket,
    r.clicks AS clicks, r.people AS people
FROM clicks_by_link_rows AS r
LEFT ANY JOIN (SELECT account, job, max(generation) AS current FROM rollup_generations GROUP BY account, job) AS g
    ON g.account = r.account AND g.job = r.job
WHERE r.generation = ifNull(g.current, 0)
COMMENT 'Clicks by link and quarter of an hour, totals and people';

CREATE OR REPLACE VIEW clicks_by_link_raw AS
SELECT e.account AS account, e.job AS job, e.position AS position, e.link AS link, if(c.version > 0, c.class, e.class) AS class,
    toStartOfFifteenMinutes(e.time) AS bucket,
    count() AS clicks, groupBitmapState(e.recipient) AS people
FROM events AS e
LEFT ANY JOIN (SELECT account, job, shard, producer, number, class, version FROM reclassifications FINAL) AS c
    ON c.account = e.account AND c.job = e.job AND c.shard = e.shard AND c.producer = e.producer AND c.number = e.number
WHERE e.kind = 'clicked'
GROUP BY account, job, position, link, class, bucket
COMMENT 'What clicks_by_link holds, counted again from events and their effective classes';

CREATE MATERIALIZED VIEW IF NOT EXISTS clicks_by_link_view TO clicks_by_link_rows AS
SELECT n.account AS account, n.job AS job, n.position AS position, n.link AS link, n.class AS class, n.bucket AS bucket,
    n.clicks AS clicks, n.people AS people, ifNull(g.current, 0) AS generation
FROM
(
    SELECT events.account AS account, events.job AS job, events.position AS position, events.link AS link, events.class AS class,
    toStartOfFifteenMinutes(events.time) AS bucket,
        count() AS clicks, groupBitmapState(events.recipient) AS people
    FROM events
    WHERE events.kind = 'clicked'
    GROUP BY account, job, position, link, class, bucket
) AS n
LEFT ANY JOIN
(
    SELECT account, job, max(generation) AS current FROM rollup_generations
    WHERE (account, job) IN (SELECT account, job FROM events)
    GROUP BY account, job
) AS g ON g.account = n.account AND g.job = n.job;

-- unless events_by_job_rows
RENAME TABLE events_by_job TO events_by_job_rows;

ALTER TABLE events_by_job_rows
    ADD COLUMN IF NOT EXISTS generation UInt64 COMMENT 'Count that the row is of: readers see those of the job''s row in rollup_generations, 0 where it has none',
    MODIFY ORDER BY (account, job, kind, class, bounce_class, reason, bucket, generation);

ALTER TABLE events_by_job_rows MODIFY COMMENT 'Storage of events_by_job, with counts that were replaced or never finished';

CREATE OR REPLACE VIEW events_by_job AS
SELECT r.account AS account, r.job AS job, r.kind AS kind, r.class AS class, r.bounce_class AS bounce_class, r.reason AS reason, r.bucket AS bucket,
    r.events AS events, r.people AS people
FROM events_by_job_rows AS r
LEFT ANY JOIN (SELECT account, job, max(generation) AS current FROM rollup_generations GROUP BY account, job) AS g
    ON g.account = r.account AND g.job = r.job
WHERE r.generation = ifNull(g.current, 0)
COMMENT 'Events of each job by kind and quarter of an hour, totals and people';

CREATE OR REPLACE VIEW events_by_job_raw AS
SELECT e.account AS account, e.job AS job, e.kind AS kind, if(c.version > 0, c.class, e.class) AS class, e.bounce_class AS bounce_class,
    if(e.kind = 'dropped', e.reason, '') AS reason, toStartOfFifteenMinutes(e.time) AS bucket,
    count() AS events, groupBitmapState(e.recipient) AS people
FROM events AS e
LEFT ANY JOIN (SELECT account, job, shard, producer, number, class, version FROM reclassifications FINAL) AS c
    ON c.account = e.account AND c.job = e.job AND c.shard = e.shard AND c.producer = e.producer AND c.number = e.number
GROUP BY account, job, kind, class, bounce_class, reason, bucket
COMMENT 'What events_by_job holds, counted again from events and their effective classes';

CREATE MATERIALIZED VIEW IF NOT EXISTS events_by_job_view TO events_by_job_rows AS
SELECT n.account AS account, n.job AS job, n.kind AS kind, n.class AS class, n.bounce_class AS bounce_class, n.reason AS reason, n.bucket AS bucket,
    n.events AS events, n.people AS people, ifNull(g.current, 0) AS generation
FROM
(
    SELECT events.account AS account, events.job AS job, events.kind AS kind, events.class AS class, events.bounce_class AS bounce_class,
    if(events.kind = 'dropped', events.reason, '') AS reason, toStartOfFifteenMinutes(events.time) AS bucket,
        count() AS events, groupBitmapState(events.recipient) AS people
    FROM events
    GROUP BY account, job, kind, class, bounce_class, reason, bucket
) AS n
LEFT ANY JOIN
(
    SELECT account, job, max(generation) AS current FROM rollup_generations
    WHERE (account, job) IN (SELECT account, job FROM events)
    GROUP BY account, job
) AS g ON g.account = n.account AND g.job = n.job;

CREATE OR REPLACE VIEW v_events AS
SELECT e.producer AS producer, e.shard AS shard, e.number AS number, e.kind AS kind, e.time AS time,
    e.account AS account, e.job AS job, e.recipient AS recipient, e.link AS link, e.position AS position, e.loop_index AS loop_index,
    if(c.version > 0, c.class, e.class) AS class, if(c.version > 0, c.class_reason, e.class_reason) AS class_reason,
    e.class AS first_class, e.class_reason AS first_class_reason,
    e.attempt AS attempt, e.smtp_code AS smtp_code,
    e.enhanced_status AS enhanced_status, e.bounce_class AS bounce_class, e.mx AS mx, e.reason AS reason, e.reply AS reply,
    e.url AS url, e.user_agent AS user_agent, e.ip AS ip, e.uncertain AS uncertain,
    r.upstream_id AS upstream_id, r.variant AS variant, r.domain AS domain, lower(hex(r.recipient_key)) AS recipient_key,
    j.campaign_id AS campaign_id, j.subject AS subject,
    l.url AS template_url, l.text AS link_text
FROM events AS e
LEFT ANY JOIN (SELECT account, job, shard, producer, number, class, class_reason, version FROM reclassifications FINAL) AS c
    ON c.account = e.account AND c.job = e.job AND c.shard = e.shard AND c.producer = e.producer AND c.number = e.number
LEFT ANY JOIN recipients AS r ON r.account = e.account AND r.job = e.job AND r.recipient = e.recipient
LEFT ANY JOIN jobs AS j ON j.account = e.account AND j.job = e.job
LEFT ANY JOIN links AS l ON l.account = e.account AND l.job = e.job AND l.position = e.position
COMMENT 'Events with what is known about their recipient, job and link; filter by account and job';

CREATE OR REPLACE VIEW v_recipient_timeline AS
SELECT e.time AS time, e.kind AS kind, e.job AS job, j.campaign_id AS campaign_id, j.subject AS subject,
    e.recipient AS recipient, e.position AS position, e.url AS url, if(c.version > 0, c.class, e.class) AS class, e.smtp_code AS smtp_code,
    e.bounce_class AS bounce_class, e.reason AS reason
FROM events AS e
LEFT ANY JOIN jobs AS j ON j.account = e.account AND j.job = e.job
LEFT ANY JOIN
(
    SELECT account, job, shard, producer, number, class, version FROM reclassifications FINAL
    WHERE account = {account:UInt32} AND (account, job, recipient) IN
    (
        SELECT account, job, recipient FROM recipients
        WHERE account = {account:UInt32} AND recipient_key = unhex({key:String})
    )
) AS c ON c.account = e.account AND c.job = e.job AND c.shard = e.shard AND c.producer = e.producer AND c.number = e.number
WHERE e.account = {account:UInt32} AND (e.account, e.job, e.recipient) IN
(
    SELECT account, job, recipient FROM recipients
    WHERE account = {account:UInt32} AND recipient_key = unhex({key:String})
);
