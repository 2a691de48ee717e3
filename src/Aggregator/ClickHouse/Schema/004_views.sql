CREATE VIEW IF NOT EXISTS v_events AS
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

CREATE VIEW IF NOT EXISTS v_recipient_timeline AS
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

CREATE VIEW IF NOT EXISTS v_click_breakdown AS
SELECT p.account AS account, p.job AS job, j.campaign_id AS campaign_id, j.subject AS subject,
    p.position AS position, if(l.link = 0, c.link, l.link) AS link, l.part AS part, l.url AS url, l.text AS text,
    c.clicks AS clicks, c.unique_clicks AS unique_clicks,
    c.machine_clicks AS machine_clicks, c.unique_machine_clicks AS unique_machine_clicks,
    if(sum(c.clicks) OVER (PARTITION BY p.account, p.job) = 0, NULL,
        c.clicks / sum(c.clicks) OVER (PARTITION BY p.account, p.job)) AS share
FROM
(
    SELECT account, job, position FROM links
    UNION DISTINCT
    SELECT account, job, position FROM clicks_by_link
) AS p
LEFT ANY JOIN (SELECT * FROM links FINAL) AS l ON l.account = p.account AND l.job = p.job AND l.position = p.position
LEFT ANY JOIN (SELECT * FROM jobs FINAL) AS j ON j.account = p.account AND j.job = p.job
LEFT ANY JOIN
(
    SELECT account, job, position, max(b.link) AS link,
        sumIf(b.clicks, class = 'human') AS clicks, groupBitmapMergeIf(b.people, class = 'human') AS unique_clicks,
        sumIf(b.clicks, class != 'human') AS machine_clicks, groupBitmapMergeIf(b.people, class != 'human') AS unique_machine_clicks
    FROM clicks_by_link AS b
    GROUP BY account, job, position
) AS c ON c.account = p.account AND c.job = p.job AND c.position = p.position
COMMENT 'Which link of the mail drew the attention: every link of a job, clicked or not; filter by account and job';

CREATE VIEW IF NOT EXISTS v_job_summary AS
SELECT c.account AS account, c.job AS job, j.campaign_id AS campaign_id, j.subject AS subject, j.created AS created,
    c.accepted AS accepted, c.delivered AS delivered, c.bounced AS bounced, c.expired AS expired, c.dropped AS dropped,
    c.deferrals AS deferrals,
    greatest(toInt64(c.accepted) - toInt64(c.delivered) - toInt64(c.bounced) - toInt64(c.expired) - toInt64(c.dropped), 0) AS pending,
    c.opens AS opens, c.unique_opens AS unique_opens, c.clicks AS clicks, c.unique_clicks AS unique_clicks,
    c.unsubscribes AS unsubscribes, c.unique_unsubscribes AS unique_unsubscribes, c.complaints AS complaints,
    c.machine_opens AS machine_opens, c.unique_machine_opens AS unique_machine_opens,
    c.machine_clicks AS machine_clicks, c.unique_machine_clicks AS unique_machine_clicks,
    if(c.delivered = 0, NULL, c.unique_opens / c.delivered) AS open_rate,
    if(c.delivered = 0, NULL, c.unique_clicks / c.delivered) AS click_rate,
    if(c.unique_opens = 0, NULL, c.unique_clicks / c.unique_opens) AS click_to_open_rate,
    if(c.delivered = 0, NULL, c.unique_unsubscribes / c.delivered) AS unsubscribe_rate,
    if(c.delivered + c.bounced = 0, NULL, c.bounced / (c.delivered + c.bounced)) AS bounce_rate
FROM
(
    SELECT account, job,
        groupBitmapMergeIf(b.people, kind = 'accepted') AS accepted,
        groupBitmapMergeIf(b.people, kind = 'delivered') AS delivered,
        groupBitmapMergeIf(b.people, kind = 'bounced') AS bounced,
        groupBitmapMergeIf(b.people, kind = 'expired') AS expired,
        groupBitmapMergeIf(b.people, kind = 'dropped') AS dropped,
        sumIf(b.events, kind = 'deferred') AS deferrals,
        sumIf(b.events, kind = 'opened' AND class = 'human') AS opens,
        groupBitmapMergeIf(b.people, kind = 'opened' AND class = 'human') AS unique_opens,
        sumIf(b.events, kind = 'clicked' AND class = 'human') AS clicks,
        groupBitmapMergeIf(b.people, kind = 'clicked' AND class = 'human') AS unique_clicks,
        sumIf(b.events, kind = 'unsubscribed') AS unsubscribes,
        groupBitmapMergeIf(b.people, kind = 'unsubscribed') AS unique_unsubscribes,
        groupBitmapMergeIf(b.people, kind = 'complained') AS complaints,
        sumIf(b.events, kind = 'opened' AND class != 'human') AS machine_opens,
        groupBitmapMergeIf(b.people, kind = 'opened' AND class != 'human') AS unique_machine_opens,
        sumIf(b.events, kind = 'clicked' AND class != 'human') AS machine_clicks,
        groupBitmapMergeIf(b.people, kind = 'clicked' AND class != 'human') AS unique_machine_clicks
    FROM events_by_job AS b
    GROUP BY account, job
) AS c
LEFT ANY JOIN (SELECT * FROM jobs FINAL) AS j ON j.account = c.account AND j.job = c.job
COMMENT 'Every figure of a job on one line; rates count people, classes other than human stand apart';

CREATE VIEW IF NOT EXISTS v_response_times AS
SELECT account, job, class, toDayOfWeek(bucket) AS day_of_week, toHour(bucket) AS hour,
    sumIf(b.events, kind = 'opened') AS opens, groupBitmapMergeIf(b.people, kind = 'opened') AS unique_opens,
    sumIf(b.events, kind = 'clicked') AS clicks, groupBitmapMergeIf(b.people, kind = 'clicked') AS unique_clicks
FROM events_by_job AS b
WHERE kind IN ('opened', 'clicked')
GROUP BY account, job, class, day_of_week, hour
COMMENT 'On which day (1 is Monday) and hour (UTC) people respond';
