-- Who of a job is of which domain and variant, as bitmaps beside the rows: counted in the same insert, blanked with the rows.
ALTER TABLE recipients MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild';

ALTER TABLE recipients ADD PROJECTION IF NOT EXISTS by_audience
(
    SELECT account, job, domain, variant, groupBitmapState(recipient)
    GROUP BY account, job, domain, variant
);

ALTER TABLE recipients MATERIALIZE PROJECTION by_audience;
