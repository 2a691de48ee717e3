namespace Delivery.Aggregator.Audit;

/// <summary>How far an audit is, as lines of JSON for the program that started it.</summary>
internal sealed class AuditProgress(TextWriter output)
{
    public void Step(string name, long done, long total) =>
        output.WriteLine(System.Text.Json.JsonSerializer.Serialize(new AuditLine { Step = name, Done = done, Total = total }, AuditJson.Default.AuditLine));

    public void Result(AuditReport report) =>
        output.WriteLine(System.Text.Json.JsonSerializer.Serialize(new AuditLine { Report = report }, AuditJson.Default.AuditLine));

    public void Failed(string why) =>
        output.WriteLine(System.Text.Json.JsonSerializer.Serialize(new AuditLine { Error = why }, AuditJson.Default.AuditLine));
}
