using System.Text;
using Delivery.EmbeddedClickHouse.Http;

namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>
/// The engine's own rights for readers, in the files that it reads at its start. There is one user, who takes a role
/// for the length of a connection: the role lacks every right but SELECT. The rows that a reader of one account sees are
/// bound by row policies, which hold wherever a table is read: in views, joins, PREWHERE and tables over tables. The
/// account is taken from the mark in log_comment, which <c>readonly = 1</c> keeps from being changed.
/// </summary>
internal static class AccessFile
{
    public const string ReaderRole = "front_reader";
    public const string AccountRole = "front_account_reader";

    private const string Filter =
        $"not startsWith(getSetting('log_comment'), '{StatementMark.Account}') or account = toUInt64OrZero(extract(getSetting('log_comment'), '^{StatementMark.Account}([0-9]+)-'))";

    private static readonly string[] Tables =
    [
        "delivery.events", "delivery.jobs", "delivery.links", "delivery.mails", "delivery.recipients",
        "delivery.clicks_by_link_rows", "delivery.events_by_job_rows", "delivery.rollup_generations", "delivery.reclassifications",
    ];

    private static readonly string[] Views =
    [
        "delivery.clicks_by_link", "delivery.events_by_job",
        "delivery.v_events", "delivery.v_events_plain", "delivery.v_recipient_timeline", "delivery.v_click_breakdown", "delivery.v_job_summary", "delivery.v_response_times",
    ];

    /// <summary>True when anybody may read only: without readers the engine keeps its own single user.</summary>
    public static bool IsNeeded(EngineOptions options) => !string.IsNullOrEmpty(options.ReaderPassword) || options.Readers.Count > 0;

    /// <summary>Writes the files into the data folder, readable by its owner alone, and gives the path of the first.</summary>
    public static string Write(string path, EngineOptions options)
    {
        var folder = Directory.CreateDirectory(Path.Combine(path, "access")).FullName;
        var users = Path.Combine(folder, "users.xml");
        var main = Path.Combine(folder, "engine.xml");
        File.WriteAllText(users, Users(options));
        File.WriteAllText(main, $"<clickhouse><users_config>{System.Security.SecurityElement.Escape(users)}</users_config></clickhouse>");
        return main;
    }

    private static string Users(EngineOptions options)
    {
        var tables = options.AccountTables ?? Tables;
        var text = new StringBuilder("<clickhouse><profiles><default/></profiles><quotas><default/></quotas><roles>");
        text.Append("<front_admin><grants><query>GRANT ALL ON *.*</query></grants></front_admin>");
        text.Append(null, $"<{ReaderRole}><grants><query>GRANT SELECT ON *.*</query><query>GRANT dictGet ON *.*</query></grants></{ReaderRole}>");
        text.Append(null, $"<{AccountRole}><grants>");
        foreach (var table in tables.Concat(options.AccountViews ?? Views)) text.Append(null, $"<query>GRANT SELECT ON {table}</query>");
        text.Append(null, $"</grants></{AccountRole}></roles><users><default><password/><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota>");
        text.Append(null, $"<grants><query>GRANT front_admin</query><query>GRANT {ReaderRole}</query><query>GRANT {AccountRole}</query></grants>");
        if (options.Readers.Any(reader => reader.Account != 0))
        {
            text.Append("<databases>");
            foreach (var database in tables.Select(table => table.Split('.')).GroupBy(name => name[0], name => name[1]))
            {
                text.Append(null, $"<{database.Key}>");
                foreach (var table in database) text.Append(null, $"<{table}><filter>{Filter}</filter></{table}>");
                text.Append(null, $"</{database.Key}>");
            }

            text.Append("</databases>");
        }

        return text.Append("</default></users></clickhouse>").ToString();
    }
}
