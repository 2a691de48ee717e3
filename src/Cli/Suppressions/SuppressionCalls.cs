using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using Delivery.Cli.Api;

namespace Delivery.Cli.Suppressions;

/// <summary>The calls behind <c>delivery suppressions</c>. A refusal of the API is a <see cref="LaunchException"/> with its words.</summary>
internal static class SuppressionCalls
{
    private const int ShownRejections = 20;
    private const string Path = "/v1/suppressions";

    public static async Task<int> AddAsync(
        ApiTarget target, ParseResult parsed, string address, string? reason, string? list, TextWriter output, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        await using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString(address.Contains('@', StringComparison.Ordinal) ? "email" : "key", address);
            if (reason is not null)
                json.WriteString("reason", reason);
            if (list is not null)
                json.WriteNumber("list", Number(list));
            json.WriteEndObject();
        }

        using var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var api = target.Connect(parsed);
        await TellAsync(await api.SendAsync(HttpMethod.Post, Path, content, cancellation), address, output, cancellation);
        return ExitCodes.Success;
    }

    public static async Task<int> AboutAsync(
        HttpMethod method, ApiTarget target, ParseResult parsed, string address, string? reason, string? list, TextWriter output, CancellationToken cancellation)
    {
        using var api = target.Connect(parsed);
        await TellAsync(await api.SendAsync(method, $"{Path}/{Uri.EscapeDataString(address)}{Query(reason, list)}", null, cancellation), address, output, cancellation);
        return ExitCodes.Success;
    }

    public static async Task<int> ImportAsync(
        ApiTarget target, TimeSpan timeout, ParseResult parsed, string file, string? reason, string? list, TextWriter output, CancellationToken cancellation)
    {
        var packed = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        await using var stream = File.OpenRead(file);
        using var content = new StreamContent(stream);
        content.Headers.ContentType = new MediaTypeHeaderValue(IsCsv(packed ? file[..^3] : file, "FILE") ? "text/csv" : "application/x-ndjson");
        if (packed)
            content.Headers.ContentEncoding.Add("gzip");
        using var api = target.Connect(parsed, timeout);
        using var response = await api.SendAsync(HttpMethod.Post, $"{Path}/import{Query(reason, list)}", content, cancellation);
        await using var answer = await response.Content.ReadAsStreamAsync(cancellation);
        using var json = await JsonDocument.ParseAsync(answer, cancellationToken: cancellation);
        var root = json.RootElement;
        await output.WriteLineAsync($"{root.GetProperty("added")} added, {root.GetProperty("known")} known before, {root.GetProperty("rejected")} rejected of {root.GetProperty("lines")} lines");
        foreach (var one in root.GetProperty("rejections").EnumerateArray().Take(ShownRejections))
            await output.WriteLineAsync($"line {one.GetProperty("line")}: {one.GetProperty("reason").GetString()}");
        return root.GetProperty("rejected").GetInt64() == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    public static async Task<int> ExportAsync(
        ApiTarget target, TimeSpan timeout, ParseResult parsed, string? file, string? reason, string? list, CancellationToken cancellation)
    {
        var format = file is not null && IsCsv(file, "--to") ? "csv" : "ndjson";
        var query = Query(reason, list);
        using var api = target.Connect(parsed, timeout);
        using var response = await api.SendAsync(HttpMethod.Get, $"{Path}{query}{(query.Length == 0 ? "?" : "&")}format={format}", null, cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        if (file is null)
        {
            await using var output = Console.OpenStandardOutput();
            await body.CopyToAsync(output, cancellation);
            return ExitCodes.Success;
        }

        var temporary = file + ".new";
        await using (var output = File.Create(temporary))
            await body.CopyToAsync(output, cancellation);
        File.Move(temporary, file, overwrite: true);
        return ExitCodes.Success;
    }

    private static async Task TellAsync(HttpResponseMessage response, string address, TextWriter output, CancellationToken cancellation)
    {
        using (response)
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            using var json = await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
            if (json.RootElement.TryGetProperty("removed", out var removed))
                await output.WriteLineAsync($"{removed} removed");
            if (!json.RootElement.GetProperty("suppressed").GetBoolean())
                await output.WriteLineAsync($"{address} is not suppressed");
            foreach (var why in json.RootElement.GetProperty("reasons").EnumerateArray())
            {
                var list = why.GetProperty("list").GetUInt32();
                await output.WriteLineAsync(
                    $"{address} gets no {(list == 0 ? "mail" : $"mail of list {list}")}: {why.GetProperty("reason").GetString()}, since {why.GetProperty("since").GetDateTimeOffset():yyyy-MM-dd HH:mm:ss}Z");
            }
        }
    }

    private static string Query(string? reason, string? list)
    {
        var query = (reason is null ? "" : $"&reason={Uri.EscapeDataString(reason)}") + (list is null ? "" : $"&list={Uri.EscapeDataString(list)}");
        return query.Length == 0 ? "" : "?" + query[1..];
    }

    private static uint Number(string list) => uint.TryParse(list, out var number) ? number : throw new LaunchException($"--list: '{list}' is no number");

    private static bool IsCsv(string file, string name) => System.IO.Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".csv" => true,
        ".ndjson" or ".jsonl" => false,
        _ => throw new LaunchException($"{name}: {file} is neither .csv nor .ndjson or .jsonl"),
    };
}
