using System.Text.Json;
using Delivery.Mta.Jobs;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Look;

/// <summary>The body of <c>POST /v1/jobs/{id}/test</c>.</summary>
internal sealed record TestRequest
{
    private const int MaxAddresses = 10;
    private const int MaxSamples = 10;
    private const int MaxPrefixBytes = 64;

    /// <summary>Who gets the samples, 1 to 10: each gets all of them.</summary>
    public required IReadOnlyList<Mailbox> To { get; init; }

    /// <summary>Ordinals of the job's recipients whose data is used, at most 10.</summary>
    public IReadOnlyList<uint>? Recipients { get; init; }

    /// <summary>How many recipients, spread over the job, are taken where none are named: 1 to 10.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>Stands before the subject, as it is.</summary>
    public string SubjectPrefix { get; init; } = "[TEST] ";

    /// <summary>Null where <paramref name="errors"/> says why.</summary>
    public static TestRequest? Parse(JsonElement body, List<FieldError> errors)
    {
        if (RequestObject.Open(body, "", errors) is not { } root)
            return null;
        var to = Addresses(root, errors);
        var recipients = Ordinals(root);
        var samples = SampleCount(root, recipients is not null);
        var prefix = Prefix(root);
        root.RefuseUnknown();
        return errors.Count > 0 ? null : new TestRequest { To = to, Recipients = recipients, Samples = samples, SubjectPrefix = prefix };
    }

    private static List<Mailbox> Addresses(RequestObject root, List<FieldError> errors)
    {
        var addresses = new List<Mailbox>();
        if (!root.TryGet("to", out var array) || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() is 0 or > MaxAddresses)
        {
            root.Fault("to", $"must be an array of 1 to {MaxAddresses} addresses");
            return addresses;
        }

        var index = 0;
        foreach (var element in array.EnumerateArray())
        {
            if (MailboxParser.Parse(element, $"to[{index++}]", errors) is { } address)
                addresses.Add(address);
        }

        return addresses;
    }

    private static List<uint>? Ordinals(RequestObject root)
    {
        if (!root.TryGet("recipients", out var array))
            return null;
        var ordinals = new List<uint>();
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() is 0 or > MaxSamples)
        {
            root.Fault("recipients", $"must be an array of 1 to {MaxSamples} ordinals of the job's recipients, from 0");
            return ordinals;
        }

        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.Number && element.TryGetUInt32(out var ordinal))
                ordinals.Add(ordinal);
            else
                root.Fault($"recipients[{ordinals.Count}]", "must be the ordinal of one of the job's recipients, from 0");
        }

        return ordinals;
    }

    private static int SampleCount(RequestObject root, bool named)
    {
        if (!root.TryGet("samples", out var element))
            return 1;
        if (named)
            root.Fault("samples", "cannot be given beside 'recipients'");
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var samples) && samples is >= 1 and <= MaxSamples)
            return samples;
        root.Fault("samples", $"must be a number from 1 to {MaxSamples}");
        return 1;
    }

    /// <summary>The subject is a template: what could begin a tag or take one's meaning away is refused.</summary>
    private static string Prefix(RequestObject root)
    {
        if (root.Line("subject_prefix", MaxPrefixBytes) is not { } prefix)
            return "[TEST] ";
        if (prefix.AsSpan().ContainsAny('{', '\\'))
            root.Fault("subject_prefix", "must have neither '{' nor '\\'");
        return prefix;
    }
}
