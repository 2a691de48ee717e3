using Microsoft.Data.Sqlite;

namespace Delivery.Integration.Tests.Kills;

/// <summary>Looks into an Mta's spool from outside while the Mta runs.</summary>
internal sealed class SpoolFile
{
    private readonly string _connection;

    public SpoolFile(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        _connection = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 30 }.ToString();
    }

    public long OutboxEntries() => (long)Scalar("SELECT count(*) FROM outbox", "")!;

    /// <summary>Ids of the jobs that were accepted under a campaign's name.</summary>
    public string Jobs(string campaign) => (string)Scalar("SELECT coalesce(group_concat(id), '') FROM job WHERE campaign_id = $1", campaign)!;

    /// <summary>The row of a recipient in words.</summary>
    public string Recipient(string job, int ordinal) =>
        (string?)Scalar(
            """
            SELECT 'state ' || state || ', attempts ' || attempts || ', losses ' || losses || ', uncertain ' || uncertain || ', detail ' || coalesce(detail, '')
              || ', due ' || coalesce((SELECT due_ms FROM retry t WHERE t.job = r.job AND t.ordinal = r.ordinal), 'never')
            FROM recipient r WHERE job = CAST($1 AS INTEGER) AND ordinal = CAST($2 AS INTEGER)
            """,
            job,
            $"{ordinal}") ?? "no row";

    private object? Scalar(string sql, params string[] parameters)
    {
        using var connection = new SqliteConnection(_connection);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", parameters[i]);
        var value = command.ExecuteScalar();
        return value is DBNull ? null : value;
    }
}
