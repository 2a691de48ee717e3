using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Delivery.Contracts.Access;

namespace Delivery.Cli.Accounts;

/// <summary>Accounts and keys as lists for people and for scripts. No digest is among them.</summary>
internal static class AccountText
{
    public static string Accounts(AccountsFile file) => Table(
        ["id", "name", "keys", "from", "recipients/day", "jobs", "time zone", "tracking", ""],
        file.Accounts.Select(account => new[]
        {
            Number(account.Id),
            account.Name,
            Number(account.Keys.Count(key => key.Revoked is null)),
            account.FromDomains.Count == 0 ? "any" : string.Join(',', account.FromDomains),
            account.MaxRecipientsPerDay is { } day ? Number(day) : "any",
            account.MaxJobs is { } jobs ? Number(jobs) : "any",
            account.TimeZone ?? "UTC",
            account.TrackingUrl ?? "",
            account.Disabled ? "disabled" : "",
        }));

    public static string Lists(Account account) => Table(
        ["list", "name", "name-he"],
        account.Lists.Select(list => new[] { Number(list.Id), list.Name.En ?? "", list.Name.He ?? "" }));

    public static string Keys(IEnumerable<Account> accounts) => Table(
        ["id", "account", "name", "rights", "created", ""],
        accounts.SelectMany(account => account.Keys.Select(key => new[]
        {
            key.Id,
            account.Name,
            key.Name,
            key.Rights,
            Time(key.Created),
            key.Revoked is { } at ? "revoked " + Time(at) : account.Disabled ? "account disabled" : "",
        })));

    public static string Json(IEnumerable<Account> accounts) =>
        JsonSerializer.Serialize(accounts.Select(account => account with { Keys = [.. account.Keys.Select(key => key with { Sha256 = null })] }).ToList(), AccountTextJson.Default.ListAccount);

    private static string Table(string[] head, IEnumerable<string[]> rows)
    {
        var all = rows.Prepend(head).ToList();
        var widths = head.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in all)
            text.Append(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        return text.ToString();
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<Account>))]
internal sealed partial class AccountTextJson : JsonSerializerContext;
