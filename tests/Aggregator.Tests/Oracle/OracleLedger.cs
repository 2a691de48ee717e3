using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Delivery.Contracts;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Oracle;

/// <summary>What truly happened, in files that <c>oracle.py</c> reads and describes. Not thread-safe.</summary>
internal sealed class OracleLedger(string folder) : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Kinds = Names<EventKind>();
    private static readonly string[] Classes = Names<ReaderClass>();
    private static readonly string[] BounceClasses = Names<BounceClass>();
    private readonly Dictionary<string, StreamWriter> _files = [];

    public string Folder => folder;

    public int Events { get; private set; }

    public void Add(int shard, ulong producer, ulong number, OracleJob job, in DeliveryEvent e)
    {
        Events++;
        var line = File($"{job.Name}.events");
        line.Write($"{producer}\t{shard}\t{number}\t{Kinds[(int)e.Kind]}\t{e.TimeMs}\t{e.Account}\t{e.Job}\t{e.Recipient}\t{e.Link}\t{e.Position}\t{e.LoopIndex}\t");
        line.Write($"{Classes[(int)e.Class]}\t{e.ClassReason}\t{e.Attempt}\t{e.SmtpCode}\t{e.EnhancedStatus}\t{BounceClasses[(int)e.BounceClass]}\t{e.Mx}\t{e.Reason}\t");
        line.Write($"{e.Reply}\t{e.Url}\t{e.UserAgent}\t{Text(e.Ip)}\t{(e.Uncertain ? "true" : "false")}\n");
        if (e.Kind != EventKind.Accepted)
            return;
        var about = OracleWorld.Recipient(job, e.Recipient);
        File($"{job.Name}.recipients").Write($"{e.Recipient}\t{about.UpstreamId}\t{about.Variant}\t{about.Domain}\t{about.Key}\n");
    }

    public void Add(OracleJob job)
    {
        if (job.About is { } about)
            File("jobs.jsonl").Write(JsonSerializer.Serialize(new object?[] { job.Account, job.Id, about.CreatedMs, about.CampaignId, about.Subject, about.FromEmail }, Json) + "\n");
        foreach (var link in job.Links)
            File("links.jsonl").Write(JsonSerializer.Serialize(new object[] { job.Account, job.Id, link.Position, link.Link, link.Part, link.Url, link.Text }, Json) + "\n");
    }

    public void AddPerson(uint account, RecipientKey key) => File("people.tsv").Write($"{account}\t{key}\n");

    /// <summary>A file that the oracle opens is there, even if empty.</summary>
    public StreamWriter File(string name)
    {
        if (!_files.TryGetValue(name, out var writer))
            _files.Add(name, writer = new StreamWriter(Path.Combine(folder, name), Utf8, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write }));
        return writer;
    }

    public void Dispose()
    {
        foreach (var file in _files.Values)
            file.Dispose();
    }

    private static string Text(IPAddress? ip) => ip is null ? "::" : ip.MapToIPv6().ToString();

    private static string[] Names<T>()
        where T : struct, Enum
    {
        var names = new string[256];
        foreach (var value in Enum.GetValues<T>())
            names[Convert.ToByte(value, System.Globalization.CultureInfo.InvariantCulture)] = JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
        return names;
    }
}
