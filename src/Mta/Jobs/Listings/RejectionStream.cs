using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Jobs.Listings;

/// <summary>Writes all rejections of a job, however many, some at a time.</summary>
/// <param name="number">Name of the number's field: <c>line</c> or <c>index</c>.</param>
internal sealed class RejectionStream(SpoolReader reader, ulong job, string number, bool csv) : IResult
{
    private const int AtOnce = 1_000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
        var output = response.BodyWriter;
        if (csv)
            Encoding.UTF8.GetBytes($"{number},email,reason\r\n", output);
        using var json = new Utf8JsonWriter(output);
        var after = -1L;
        while (true)
        {
            var rejections = reader.Rejections(job, after, AtOnce);
            foreach (var rejection in rejections)
            {
                if (csv)
                    WriteCsv(output, rejection);
                else
                    WriteJson(json, output, rejection);
                after = rejection.Line;
            }

            await output.FlushAsync(httpContext.RequestAborted).ConfigureAwait(false);
            if (rejections.Count < AtOnce)
                return;
        }
    }

    private void WriteJson(Utf8JsonWriter json, IBufferWriter<byte> output, in Rejection rejection)
    {
        json.WriteStartObject();
        json.WriteNumber(number, rejection.Line);
        json.WriteString("email", rejection.Email);
        json.WriteString("reason", rejection.Reason);
        json.WriteEndObject();
        json.Flush();
        json.Reset();
        output.Write("\n"u8);
    }

    private static void WriteCsv(IBufferWriter<byte> output, in Rejection rejection)
    {
        var row = new StringBuilder();
        row.Append(CultureInfo.InvariantCulture, $"{rejection.Line},");
        AppendField(row, rejection.Email ?? "");
        row.Append(',');
        AppendField(row, rejection.Reason);
        row.Append("\r\n");
        Encoding.UTF8.GetBytes(row.ToString(), output);
    }

    /// <summary>Quoted always; what a spreadsheet would take for a formula gets an apostrophe before it.</summary>
    private static void AppendField(StringBuilder row, string text)
    {
        row.Append('"');
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
            row.Append('\'');
        row.Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
