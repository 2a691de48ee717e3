using System.Text.Json;
using System.Text.Unicode;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>Newline-delimited JSON: each line is what an element of <c>recipients</c> is.</summary>
internal sealed class JsonLines : RecipientLines
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    public override bool HasHeader => false;

    public override bool Quoted => false;

    public override string? ReadHeader(ReadOnlySpan<byte> line) => null;

    public override UploadedRecipient? Parse(ReadOnlyMemory<byte> line)
    {
        Faults.Clear();
        Email = null;
        if (!Utf8.IsValid(line.Span))
            return Reject("is not UTF-8");
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            if (RecipientParser.Parse(document.RootElement, Faults) is { } recipient)
            {
                return new UploadedRecipient(
                    recipient.Address.Email, recipient.Address.Name, recipient.Id, recipient.Variant,
                    RecipientParser.Raw(recipient.SubstitutionData), RecipientParser.Raw(recipient.Metadata));
            }

            Email = RecipientParser.EmailOf(document.RootElement);
            return null;
        }
        catch (JsonException e)
        {
            return Reject($"is not valid JSON at byte {e.BytePositionInLine + 1}: {Problems.Message(e)}");
        }
        catch (InvalidOperationException)
        {
            return Reject("has a name with an incomplete surrogate pair");
        }
    }

    private UploadedRecipient? Reject(string reason)
    {
        Faults.Add(new FieldError("the line", reason));
        return null;
    }
}
