using System.Text;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>The parameters of <see cref="UtmParameters"/>, percent-encoded once a job. Immutable.</summary>
internal sealed class UtmTags
{
    private readonly List<(byte[] Name, byte[] Parameter)> _tags = [];

    private UtmTags()
    {
    }

    /// <summary>Null where there is nothing to add.</summary>
    public static UtmTags? Of(UtmParameters? parameters)
    {
        if (parameters is null)
            return null;
        var tags = new UtmTags();
        tags.Add("utm_source=", parameters.Source);
        tags.Add("utm_medium=", parameters.Medium);
        tags.Add("utm_campaign=", parameters.Campaign);
        tags.Add("utm_term=", parameters.Term);
        tags.Add("utm_content=", parameters.Content);
        return tags._tags.Count == 0 ? null : tags;
    }

    /// <summary>
    /// Adds those that the URL does not have, before its fragment; leaves a URL alone that would become longer than a click token
    /// carries. <paramref name="url"/> is one that <see cref="DestinationUrl"/> has made.
    /// </summary>
    public void AddTo(ByteBuffer url)
    {
        var hash = url.Written.IndexOf((byte)'#');
        var end = hash < 0 ? url.Length : hash;
        var question = url.Written[..end].IndexOf((byte)'?');
        Span<byte> fragment = stackalloc byte[TrackingTokens.MaxUrlBytes];
        fragment = fragment[..(url.Length - end)];
        url.Written[end..].CopyTo(fragment);
        Span<byte> query = stackalloc byte[TrackingTokens.MaxUrlBytes];
        query = question < 0 ? default : query[..(end - question - 1)];
        url.Written.Slice(question + 1, query.Length).CopyTo(query);
        url.Truncate(end);
        var separated = question >= 0 && (query.IsEmpty || query[^1] == (byte)'&');
        foreach (var (name, parameter) in _tags)
        {
            if (Has(query, name))
                continue;
            if (!separated)
                url.WriteByte(question < 0 && url.Length == end ? (byte)'?' : (byte)'&');
            separated = false;
            url.Write(parameter);
        }
        if (url.Length + fragment.Length > TrackingTokens.MaxUrlBytes)
            url.Truncate(end);
        url.Write(fragment);
    }

    private static bool Has(ReadOnlySpan<byte> query, ReadOnlySpan<byte> name)
    {
        while (!query.IsEmpty)
        {
            if (query.Length >= name.Length && Ascii.EqualsIgnoreCase(query[..name.Length], name))
                return true;
            var next = query.IndexOf((byte)'&');
            query = next < 0 ? default : query[(next + 1)..];
        }
        return false;
    }

    private void Add(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            _tags.Add((Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(name + Uri.EscapeDataString(value))));
    }
}
