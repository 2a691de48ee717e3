using System.Globalization;

namespace Delivery.Aggregator.ClickHouse;

/// <summary>
/// Brings the database to the schema of this program. Safe to run again, by several programs at once, and after a crash half way:
/// each statement changes only what is not there.
/// </summary>
internal sealed class SchemaUpdate(ClickHouseClient clickHouse)
{
    /// <summary>From this version on a repeated insert reaches the views behind the table and each decides by its own log.</summary>
    private static readonly Version Minimum = new(24, 8);

    /// <summary>Returns how many steps were applied.</summary>
    /// <exception cref="SchemaException">The server is too old, or a step that was applied reads differently today.</exception>
    /// <exception cref="ClickHouseException">ClickHouse is away or refused a statement.</exception>
    public async Task<int> ApplyAsync(IReadOnlyList<SchemaFile> files, CancellationToken cancellation)
    {
        await RequireVersionAsync(cancellation).ConfigureAwait(false);
        await clickHouse.ExecuteAsync($"CREATE DATABASE IF NOT EXISTS {clickHouse.Database}", cancellation, database: "").ConfigureAwait(false);
        await clickHouse.ExecuteAsync(
            """
            CREATE TABLE IF NOT EXISTS schema_versions
            (
                version UInt32 COMMENT 'Step of the schema',
                name String COMMENT 'File of the step',
                checksum String COMMENT 'SHA-256 of the file',
                applied DateTime('UTC') DEFAULT now() COMMENT 'When it was applied'
            )
            ENGINE = ReplacingMergeTree ORDER BY version
            SETTINGS non_replicated_deduplication_window = 1000
            COMMENT 'Steps of the schema that this database has'
            """,
            cancellation).ConfigureAwait(false);
        var known = await AppliedAsync(cancellation).ConfigureAwait(false);
        var applied = 0;
        foreach (var file in files)
        {
            if (known.TryGetValue(file.Version, out var checksum))
            {
                if (checksum != file.Checksum)
                    throw new SchemaException($"{file.Name} was applied to database '{clickHouse.Database}' and has changed since. Restore the file, and put the change in a new one.");
                continue;
            }

            foreach (var statement in file.Statements)
            {
                if (!await IsDoneAsync(statement, cancellation).ConfigureAwait(false))
                    await clickHouse.ExecuteAsync(statement, cancellation).ConfigureAwait(false);
            }

            await clickHouse.ExecuteAsync(
                "INSERT INTO schema_versions (version, name, checksum) SELECT {version:UInt32}, {name:String}, {checksum:String}",
                cancellation,
                [("version", file.Version.ToString(CultureInfo.InvariantCulture)), ("name", file.Name), ("checksum", file.Checksum)]).ConfigureAwait(false);
            applied++;
        }

        return applied;
    }

    private async Task<bool> IsDoneAsync(string statement, CancellationToken cancellation)
    {
        const string Condition = "-- unless ";
        if (!statement.StartsWith(Condition, StringComparison.Ordinal))
            return false;
        var table = statement[Condition.Length..statement.IndexOf('\n', StringComparison.Ordinal)];
        var answer = await clickHouse.QueryAsync(
            "SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = {table:String} FORMAT TSV", cancellation, ("table", table)).ConfigureAwait(false);
        return new TabSeparated(answer).UInt64() > 0;
    }

    private async Task<Dictionary<uint, string>> AppliedAsync(CancellationToken cancellation)
    {
        var answer = await clickHouse.QueryAsync("SELECT DISTINCT version, checksum FROM schema_versions ORDER BY version FORMAT TSV", cancellation).ConfigureAwait(false);
        var known = new Dictionary<uint, string>();
        for (var rows = new TabSeparated(answer); !rows.AtEnd;)
            known[(uint)rows.UInt64()] = rows.Text();
        return known;
    }

    private async Task RequireVersionAsync(CancellationToken cancellation)
    {
        var answer = await clickHouse.QueryWithoutDatabaseAsync("SELECT version() FORMAT TSV", cancellation).ConfigureAwait(false);
        var text = new TabSeparated(answer).Text();
        var parts = text.Split('.');
        if (parts.Length < 2
            || !int.TryParse(parts[0], CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out var minor)
            || new Version(major, minor) < Minimum)
        {
            throw new SchemaException($"ClickHouse {text} is too old: {Minimum.Major}.{Minimum.Minor} or newer is needed, so that repeated inserts are recognised behind views too.");
        }
    }
}
