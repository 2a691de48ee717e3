using System.Buffers;
using System.Text;
using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Mta.Jobs;
using Delivery.Mta.Messages;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Look;

/// <summary>
/// Writes the body of the job that a test is: the mail of a stored job for addresses of one's own, with the data of some of its recipients.
/// It is taken as any other job is.
/// </summary>
internal static class TestJob
{
    private const string CampaignSuffix = "-test";

    public static ReadOnlyMemory<byte> Write(SpooledJob job, TestRequest request, IReadOnlyList<SpooledRecipient> samples)
    {
        var output = new ArrayBufferWriter<byte>(16 * 1024);
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { MaxDepth = 128 }))
        {
            json.WriteStartObject();
            json.WriteString("campaign_id", Campaign(job.CampaignId));
            if (job.ReturnPath is not null)
                json.WriteString("return_path", job.ReturnPath);
            json.WritePropertyName("content");
            WriteContent(json, JsonElement.Parse(job.Content), request.SubjectPrefix);
            json.WritePropertyName("options");
            WriteOptions(json, JsonElement.Parse(job.Options), "sandbox", "check", "start_time", "expires", "max_rate", "transactional");
            json.WritePropertyName("substitution_data");
            json.WriteRawValue(job.SubstitutionData);
            json.WritePropertyName("metadata");
            WriteMetadata(json, job);
            json.WriteStartArray("recipients");
            foreach (var to in request.To)
            {
                foreach (var sample in samples)
                    WriteRecipient(json, to, sample);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    private static void WriteContent(Utf8JsonWriter json, JsonElement content, string prefix)
    {
        json.WriteStartObject();
        foreach (var property in content.EnumerateObject())
        {
            if (property.NameEquals("subject"u8))
                json.WriteString("subject", prefix + property.Value.GetString());
            else
                property.WriteTo(json);
        }

        json.WriteEndObject();
    }

    /// <summary>The job's own metadata, which its templates may use, and what the test is of; where that is too much, the latter alone.</summary>
    private static void WriteMetadata(Utf8JsonWriter json, SpooledJob job)
    {
        json.WriteStartObject();
        if (job.Metadata.Length <= EventLimits.MetadataBytes - 64)
        {
            foreach (var property in JsonElement.Parse(job.Metadata).EnumerateObject())
            {
                if (!property.NameEquals("test_of"u8))
                    property.WriteTo(json);
            }
        }

        json.WriteString("test_of", JobIds.Format(job.Id));
        json.WriteEndObject();
    }

    private static void WriteRecipient(Utf8JsonWriter json, Mailbox to, SpooledRecipient sample)
    {
        json.WriteStartObject();
        json.WriteStartObject("address");
        json.WriteString("email", to.Email);
        if ((to.Name ?? sample.Name) is { } name)
            json.WriteString("name", name);
        json.WriteEndObject();
        if (sample.UpstreamId is not null)
            json.WriteString("id", sample.UpstreamId);
        if (sample.Variant is not null)
            json.WriteString("variant", sample.Variant);
        WriteRaw(json, "substitution_data", sample.SubstitutionData);
        WriteRaw(json, "metadata", sample.Metadata);
        json.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, byte[]? value)
    {
        if (value is null)
            return;
        json.WritePropertyName(name);
        json.WriteRawValue(value);
    }

    /// <summary>Somebody waits for a test: it goes at once, before bulk mail, and nobody's cap counts it.</summary>
    private static void WriteOptions(Utf8JsonWriter json, JsonElement element, params ReadOnlySpan<string> without)
    {
        json.WriteStartObject();
        foreach (var property in element.EnumerateObject())
        {
            if (!without.Contains(property.Name))
                property.WriteTo(json);
        }

        json.WriteBoolean("transactional", true);
        json.WriteEndObject();
    }

    /// <summary>The job's campaign with a suffix, cut between characters to what a campaign may have.</summary>
    private static string Campaign(string campaign)
    {
        while (Encoding.UTF8.GetByteCount(campaign) + CampaignSuffix.Length > EventLimits.UpstreamIdBytes)
            campaign = campaign[..^(char.IsLowSurrogate(campaign[^1]) ? 2 : 1)];
        return campaign.Length == 0 ? CampaignSuffix[1..] : campaign + CampaignSuffix;
    }
}
