using System.Globalization;
using System.Text;
using Delivery.Aggregator.Reports;

namespace Delivery.Aggregator.Audiences;

/// <summary>
/// The statements for one audience. Sets of people come from the roll-ups as bitmaps of ordinals and are combined as such, so that a condition costs the
/// same whether ten people fit it or ten million.
/// </summary>
internal sealed class AudienceSql
{
    private const string OfJob = "account = {account:UInt32} AND job = {job:UInt64}";
    private const string Accepted = $"(SELECT groupBitmapMergeState(people) FROM events_by_job WHERE {OfJob} AND kind = 'accepted')";
    private const string Erased = $"(SELECT groupBitmapState(recipient) FROM erased WHERE {OfJob})";

    private readonly List<(string Name, string Value)> _parameters;
    private readonly string _who;
    private readonly string _rows;

    public AudienceSql(uint account, ulong job, Audience audience)
    {
        _parameters = [("account", JsonRows.Parameter(account)), ("job", JsonRows.Parameter(job))];
        var who = new StringBuilder($"bitmapAndnot({Accepted}, {Erased})");
        foreach (var condition in audience.Conditions.Where(one => one.Wanted || one.Number == 0))
            who.Insert(0, condition.Wanted ? "bitmapAnd(" : "bitmapAndnot(").Append(", ").Append(Set(condition)).Append(')');

        // Who clicked none of several is everybody but those who clicked any: one set, however many there are.
        foreach (var unwanted in audience.Conditions.Where(one => !one.Wanted && one.Number != 0).GroupBy(one => one.Deed, one => one.Number))
            who.Insert(0, "bitmapAndnot(").Append(", ").Append(Clicks(unwanted.Key, [.. unwanted])).Append(')');
        _who = $"WITH (SELECT {who}) AS who ";
        var rows = new StringBuilder($"FROM recipients FINAL WHERE {OfJob} AND bitmapContains(who, recipient)");
        if (audience.Variant is { } variant)
            rows.Append(" AND variant = ").Append(Parameter("String", JsonRows.Parameter(variant)));
        if (audience.Domain is { } domain)
            rows.Append(" AND domain = ").Append(Parameter("String", JsonRows.Parameter(domain)));
        _rows = rows.ToString();
    }

    public (string Name, string Value)[] Parameters => [.. _parameters];

    /// <summary>
    /// One row: whether the account has the job, and the ordinals with which pages of <paramref name="page"/> people begin, before variant and domain are looked at.
    /// </summary>
    public string Outline(int page) =>
        _who + string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            , bitmapToArray(who) AS ordinals
            SELECT (SELECT count() FROM jobs WHERE {{OfJob}}) > 0 OR bitmapCardinality({{Accepted}}) > 0 AS known,
                arrayMap(i -> ordinals[i * {{page}} + 1], range(0, intDiv(length(ordinals) + {{page - 1}}, {{page}}))) AS starts
            """);

    /// <summary>One row: how many they are, and how many of them have no id of the upstream app.</summary>
    public string Count => _who + "SELECT count() AS people, countIf(upstream_id = '') AS without_id " + _rows;

    /// <summary>The people from ordinal <paramref name="first"/> to before <paramref name="end"/>, in order, in the form that is sent.</summary>
    /// <param name="end">Null for no end.</param>
    public string Page(AudienceFormat format, uint first, uint? end)
    {
        var sql = new StringBuilder(_who).Append("SELECT ").Append(Columns(format)).Append(_rows).Append(CultureInfo.InvariantCulture, $" AND recipient >= {first}");
        if (end is { } before)
            sql.Append(CultureInfo.InvariantCulture, $" AND recipient < {before}");
        return sql.Append(format == AudienceFormat.Text ? " AND upstream_id != ''" : "").Append(" ORDER BY account, job, recipient").Append(Form(format)).ToString();
    }

    private string Set(AudienceCondition condition) => condition.Deed switch
    {
        AudienceDeed.ClickedPosition or AudienceDeed.ClickedLink => Clicks(condition.Deed, [condition.Number]),
        AudienceDeed.Opened or AudienceDeed.Clicked => Events(condition.Deed, " AND class = 'human'"),
        _ => Events(condition.Deed, ""),
    };

    private static string Events(AudienceDeed deed, string more) =>
        $"(SELECT groupBitmapMergeState(people) FROM events_by_job WHERE {OfJob} AND kind = '{Kind(deed)}'{more})";

    /// <summary>Who clicked any of them.</summary>
    private string Clicks(AudienceDeed deed, IReadOnlyList<ushort> numbers)
    {
        var any = string.Join(", ", numbers.Select(number => Parameter("UInt16", JsonRows.Parameter(number))));
        return $"(SELECT groupBitmapMergeState(people) FROM clicks_by_link WHERE {OfJob} AND {(deed == AudienceDeed.ClickedLink ? "link" : "position")} IN ({any}) AND class = 'human')";
    }

    private string Parameter(string type, string value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"p{_parameters.Count}");
        _parameters.Add((name, value));
        return $"{{{name}:{type}}}";
    }

    private static string Kind(AudienceDeed deed) => deed switch
    {
        AudienceDeed.Delivered => "delivered",
        AudienceDeed.Bounced => "bounced",
        AudienceDeed.Dropped => "dropped",
        AudienceDeed.Expired => "expired",
        AudienceDeed.Opened => "opened",
        AudienceDeed.Clicked => "clicked",
        AudienceDeed.Unsubscribed => "unsubscribed",
        _ => "complained",
    };

    private static string Columns(AudienceFormat format) => format switch
    {
        AudienceFormat.Csv => @"recipient, if(match(upstream_id, '^[=+\\-@\\t\\r]'), concat('\'', upstream_id), upstream_id) AS upstream_id ",
        AudienceFormat.Text => "upstream_id ",
        _ => "recipient, upstream_id ",
    };

    private static string Form(AudienceFormat format) => format switch
    {
        AudienceFormat.Csv => " SETTINGS output_format_csv_crlf_end_of_line = 1 FORMAT CSV",
        AudienceFormat.Text => " FORMAT TSVRaw",
        _ => " SETTINGS output_format_json_escape_forward_slashes = 0 FORMAT JSONEachRow",
    };
}
