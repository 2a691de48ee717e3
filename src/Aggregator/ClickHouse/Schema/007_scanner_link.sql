-- Position 65535 is the link that no person can see: it tells who is a scanner, and is no link of the mail.
CREATE OR REPLACE VIEW v_click_breakdown AS
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
    SELECT account, job, position FROM clicks_by_link WHERE position != 65535
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
