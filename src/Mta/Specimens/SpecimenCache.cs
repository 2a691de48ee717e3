using System.Runtime.CompilerServices;
using System.Text.Json;
using Delivery.Mta.Jobs;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Specimens;

/// <summary>
/// The specimen that was made last of each compiled content, as long as that is kept: a campaign that comes in many jobs has the same one in all.
/// Thread-safe.
/// </summary>
internal sealed class SpecimenCache
{
    /// <summary>Data over this is not kept for comparing.</summary>
    private const int LongestData = 64 * 1024;

    private readonly ConditionalWeakTable<CompiledContent, Made> _last = [];

    /// <param name="compiled">What <paramref name="content"/> compiles to with <paramref name="options"/>.</param>
    public Specimen Of(CompiledContent compiled, MessageContent content, ComposeOptions options, JsonElement jobData, JsonElement jobMetadata)
    {
        var data = RecipientParser.Raw(jobData) ?? [];
        var metadata = RecipientParser.Raw(jobMetadata) ?? [];
        if (_last.TryGetValue(compiled, out var made) && made.Data.AsSpan().SequenceEqual(data) && made.Metadata.AsSpan().SequenceEqual(metadata))
            return made.Specimen;
        var specimen = SpecimenMaker.Make(content, options, jobData, jobMetadata);
        if (data.Length + metadata.Length <= LongestData)
            _last.AddOrUpdate(compiled, new Made(data, metadata, specimen));
        return specimen;
    }

    private sealed record Made(byte[] Data, byte[] Metadata, Specimen Specimen);
}
