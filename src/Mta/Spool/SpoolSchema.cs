namespace Delivery.Mta.Spool;

/// <summary>
/// The spool's tables. A recipient is claimed by moving its job's <c>next_ordinal</c> past it, one row for a whole chunk;
/// it comes back through <c>retry</c>, where it stays, marked as claimed, while it is tried again. All recipients below <c>settled</c> have an outcome
/// or are in <c>retry</c>. So after a crash, what was in flight is: from <c>settled</c> to <c>next_ordinal</c>, without an outcome and not in <c>retry</c>;
/// and what is claimed in <c>retry</c>. A job that is over and leaves the spool is in <c>leaving</c> until its last row is gone.
/// A job without <c>started_ms</c> is open: it takes recipients, and nothing of it is sent. <c>lines</c> is null where all of a job came in one call.
/// <c>held</c> is 0 where it runs, 1 where it is paused, 2 where it is cancelled. <c>finished_ms</c> is set by the commit that gave its last recipient an outcome.
/// A job in <c>follow_up</c> is open and being filled with an audience of another one, by a call that has not ended yet.
/// What is large stands apart in <c>job_content</c>, since a job's own row is written again with every commit that moves its counts.
/// </summary>
internal static class SpoolSchema
{
    /// <summary>Kept in SQLite's user_version; <see cref="SpoolUpgrade"/> brings older ones here, newer ones are refused.</summary>
    public const int Version = 4;

    public const string Sql = """
        CREATE TABLE IF NOT EXISTS producer (
          id INTEGER NOT NULL
        );
        CREATE TABLE IF NOT EXISTS job (
          id INTEGER PRIMARY KEY,
          account INTEGER NOT NULL,
          created_ms INTEGER NOT NULL,
          campaign_id TEXT NOT NULL,
          return_path TEXT,
          accepted INTEGER NOT NULL,
          next_ordinal INTEGER NOT NULL DEFAULT 0,
          deferred INTEGER NOT NULL DEFAULT 0,
          delivered INTEGER NOT NULL DEFAULT 0,
          bounced INTEGER NOT NULL DEFAULT 0,
          expired INTEGER NOT NULL DEFAULT 0,
          dropped INTEGER NOT NULL DEFAULT 0,
          uncertain INTEGER NOT NULL DEFAULT 0,
          started_ms INTEGER,
          lines INTEGER,
          rejected INTEGER NOT NULL DEFAULT 0,
          transactional INTEGER NOT NULL DEFAULT 0,
          held INTEGER NOT NULL DEFAULT 0,
          not_before_ms INTEGER,
          expires_ms INTEGER,
          finished_ms INTEGER,
          settled INTEGER NOT NULL DEFAULT 0,
          max_rate REAL
        );
        CREATE TABLE IF NOT EXISTS job_content (
          job INTEGER PRIMARY KEY,
          content BLOB NOT NULL,
          options BLOB NOT NULL,
          substitution_data BLOB NOT NULL,
          metadata BLOB NOT NULL
        );
        CREATE INDEX IF NOT EXISTS job_open ON job (id) WHERE delivered + bounced + expired + dropped < accepted;
        CREATE INDEX IF NOT EXISTS job_filling ON job (id) WHERE started_ms IS NULL AND accepted = 0;
        CREATE INDEX IF NOT EXISTS job_finished ON job (finished_ms) WHERE finished_ms IS NOT NULL;
        CREATE TABLE IF NOT EXISTS recipient (
          job INTEGER NOT NULL,
          ordinal INTEGER NOT NULL,
          state INTEGER NOT NULL DEFAULT 0,
          attempts INTEGER NOT NULL DEFAULT 0,
          losses INTEGER NOT NULL DEFAULT 0,
          uncertain INTEGER NOT NULL DEFAULT 0,
          email TEXT NOT NULL,
          name TEXT,
          upstream_id TEXT,
          variant TEXT,
          key BLOB NOT NULL,
          substitution_data BLOB,
          metadata BLOB,
          detail TEXT,
          PRIMARY KEY (job, ordinal)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS rejection (
          job INTEGER NOT NULL,
          line INTEGER NOT NULL,
          email TEXT,
          reason TEXT NOT NULL,
          PRIMARY KEY (job, line)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS retry (
          job INTEGER NOT NULL,
          due_ms INTEGER NOT NULL,
          ordinal INTEGER NOT NULL,
          claimed INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (job, due_ms, ordinal)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS leaving (
          job INTEGER PRIMARY KEY
        );
        CREATE TABLE IF NOT EXISTS follow_up (
          job INTEGER PRIMARY KEY,
          source INTEGER NOT NULL
        );
        CREATE TABLE IF NOT EXISTS outbox (
          shard INTEGER NOT NULL,
          first INTEGER NOT NULL,
          count INTEGER NOT NULL,
          records BLOB NOT NULL,
          PRIMARY KEY (shard, first)
        );
        CREATE TABLE IF NOT EXISTS outbox_next (
          shard INTEGER PRIMARY KEY,
          number INTEGER NOT NULL
        );
        CREATE TABLE IF NOT EXISTS idempotency (
          account INTEGER NOT NULL,
          key TEXT NOT NULL,
          body_hash BLOB NOT NULL,
          response BLOB NOT NULL,
          created_ms INTEGER NOT NULL,
          PRIMARY KEY (account, key)
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS idempotency_created ON idempotency (created_ms);
        CREATE TABLE IF NOT EXISTS suppression_due (
          id INTEGER PRIMARY KEY,
          account INTEGER NOT NULL,
          key BLOB NOT NULL,
          reason INTEGER NOT NULL,
          time_ms INTEGER NOT NULL
        );
        CREATE TABLE IF NOT EXISTS unknown_reply (
          code INTEGER NOT NULL,
          enhanced TEXT NOT NULL,
          text TEXT NOT NULL,
          count INTEGER NOT NULL,
          first_ms INTEGER NOT NULL,
          last_ms INTEGER NOT NULL,
          PRIMARY KEY (code, enhanced, text)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS account_day (
          account INTEGER NOT NULL,
          day INTEGER NOT NULL,
          recipients INTEGER NOT NULL,
          PRIMARY KEY (account, day)
        ) WITHOUT ROWID;
        """;
}
