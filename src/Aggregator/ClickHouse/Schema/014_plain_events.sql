CREATE OR REPLACE VIEW v_events_plain AS
SELECT e.producer AS producer, e.shard AS shard, e.number AS number, e.kind AS kind, e.time AS time,
    e.account AS account, e.job AS job, e.recipient AS recipient, e.link AS link, e.position AS position, e.loop_index AS loop_index,
    if(c.version > 0, c.class, e.class) AS class, if(c.version > 0, c.class_reason, e.class_reason) AS class_reason,
    e.class AS first_class, e.class_reason AS first_class_reason,
    e.attempt AS attempt, e.smtp_code AS smtp_code,
    e.enhanced_status AS enhanced_status, e.bounce_class AS bounce_class, e.mx AS mx, e.reason AS reason, e.reply AS reply,
    e.url AS url, e.user_agent AS user_agent, e.ip AS ip, e.uncertain AS uncertain
FROM events AS e
LEFT ANY JOIN (SELECT account, job, shard, producer, number, class, class_reason, version FROM reclassifications FINAL) AS c
    ON c.account = e.account AND c.job = e.job AND c.shard = e.shard AND c.producer = e.producer AND c.number = e.number
COMMENT 'Events with their effective class, without names of people, jobs and links: reads less than v_events; filter by account and job';

-- What one person did is found without reading all of the jobs that the person was in. Parts from before get it in the background.
ALTER TABLE events ADD INDEX IF NOT EXISTS recipient_bloom recipient TYPE bloom_filter(0.01) GRANULARITY 1;

ALTER TABLE events MATERIALIZE INDEX recipient_bloom;
