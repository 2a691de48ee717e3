ALTER TABLE events MODIFY COLUMN bounce_class Enum8('none' = 0, 'undetermined' = 1, 'invalid_recipient' = 10, 'inactive_mailbox' = 11, 'bad_domain' = 12, 'soft_bounce' = 20, 'dns_failure' = 21, 'mailbox_full' = 22, 'too_large' = 23, 'timeout' = 24, 'admin_failure' = 25, 'routing_error' = 27, 'generic_bounce' = 30, 'mail_block' = 50, 'spam_block' = 51, 'spam_content' = 52, 'prohibited_attachment' = 53, 'relaying_denied' = 54, 'auth_failure' = 55, 'policy_block' = 56, 'invalid_sender' = 57, 'transient_failure' = 70, 'greylisted' = 71, 'rate_limited' = 72, 'protocol_error' = 73) COMMENT 'Why the peer refused' CODEC(ZSTD(1));

ALTER TABLE events_by_job MODIFY COLUMN bounce_class Enum8('none' = 0, 'undetermined' = 1, 'invalid_recipient' = 10, 'inactive_mailbox' = 11, 'bad_domain' = 12, 'soft_bounce' = 20, 'dns_failure' = 21, 'mailbox_full' = 22, 'too_large' = 23, 'timeout' = 24, 'admin_failure' = 25, 'routing_error' = 27, 'generic_bounce' = 30, 'mail_block' = 50, 'spam_block' = 51, 'spam_content' = 52, 'prohibited_attachment' = 53, 'relaying_denied' = 54, 'auth_failure' = 55, 'policy_block' = 56, 'invalid_sender' = 57, 'transient_failure' = 70, 'greylisted' = 71, 'rate_limited' = 72, 'protocol_error' = 73) COMMENT 'Why the peer refused';

CREATE OR REPLACE VIEW events_by_job_raw AS
SELECT account, job, kind, class, bounce_class, if(kind = 'dropped', events.reason, '') AS reason,
    toStartOfFifteenMinutes(time) AS bucket, count() AS events, groupBitmapState(recipient) AS people
FROM events
GROUP BY account, job, kind, class, bounce_class, reason, bucket
COMMENT 'What events_by_job holds, counted again from events';

ALTER TABLE events_by_job_view MODIFY QUERY
SELECT account, job, kind, class, bounce_class, if(kind = 'dropped', events.reason, '') AS reason,
    toStartOfFifteenMinutes(time) AS bucket, count() AS events, groupBitmapState(recipient) AS people
FROM events
GROUP BY account, job, kind, class, bounce_class, reason, bucket;

CREATE OR REPLACE VIEW v_events AS
SELECT e.producer AS producer, e.shard AS shard, e.number AS number, e.kind AS kind, e.time AS time,
    e.account AS account, e.job AS job, e.recipient AS recipient, e.link AS link, e.position AS position, e.loop_index AS loop_index,
    e.class AS class, e.class_reason AS class_reason, e.attempt AS attempt, e.smtp_code AS smtp_code,
    e.enhanced_status AS enhanced_status, e.bounce_class AS bounce_class, e.mx AS mx, e.reason AS reason, e.reply AS reply,
    e.url AS url, e.user_agent AS user_agent, e.ip AS ip, e.uncertain AS uncertain,
    r.upstream_id AS upstream_id, r.variant AS variant, r.domain AS domain, lower(hex(r.recipient_key)) AS recipient_key,
    j.campaign_id AS campaign_id, j.subject AS subject,
    l.url AS template_url, l.text AS link_text
FROM events AS e
LEFT ANY JOIN recipients AS r ON r.account = e.account AND r.job = e.job AND r.recipient = e.recipient
LEFT ANY JOIN jobs AS j ON j.account = e.account AND j.job = e.job
LEFT ANY JOIN links AS l ON l.account = e.account AND l.job = e.job AND l.position = e.position
COMMENT 'Events with what is known about their recipient, job and link; filter by account and job';

CREATE OR REPLACE VIEW v_recipient_timeline AS
SELECT e.time AS time, e.kind AS kind, e.job AS job, j.campaign_id AS campaign_id, j.subject AS subject,
    e.recipient AS recipient, e.position AS position, e.url AS url, e.class AS class, e.smtp_code AS smtp_code,
    e.bounce_class AS bounce_class, e.reason AS reason
FROM events AS e
LEFT ANY JOIN jobs AS j ON j.account = e.account AND j.job = e.job
WHERE e.account = {account:UInt32} AND (e.account, e.job, e.recipient) IN
(
    SELECT account, job, recipient FROM recipients
    WHERE account = {account:UInt32} AND recipient_key = unhex({key:String})
);
