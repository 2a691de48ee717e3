using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Delivery.Mta.Messages;

/// <summary>
/// Compiled contents by what they are made of, so that a job of one recipient does not pay for compiling. Holds the
/// most recently used ones, as far as they weigh no more than the bound together. Thread-safe; content that does not compile is not kept.
/// </summary>
internal sealed class CompiledContentCache(int capacity = CompiledContentCache.DefaultCapacity, long maxBytes = CompiledContentCache.DefaultMaxBytes)
{
    /// <summary>Contents held at most.</summary>
    public const int DefaultCapacity = 256;

    /// <summary>What they weigh at most, in bytes; the last one used is kept whatever it weighs.</summary>
    public const long DefaultMaxBytes = 256L << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, CompiledContent Content)>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, CompiledContent Content)> _byUse = new();
    private long _bytes;

    public int Count
    {
        get
        {
            lock (_lock)
                return _byKey.Count;
        }
    }

    public bool TryGet(MessageContent content, ComposeOptions options, [NotNullWhen(true)] out CompiledContent? compiled, out IReadOnlyList<ContentError> errors)
    {
        var key = KeyOf(content, options);
        errors = [];
        if (TryFind(key, out compiled))
            return true;
        if (!CompiledContent.TryCompile(content, options, out compiled, out errors))
            return false;
        Add(key, compiled);
        return true;
    }

    private bool TryFind(string key, [NotNullWhen(true)] out CompiledContent? compiled)
    {
        lock (_lock)
        {
            compiled = null;
            if (!_byKey.TryGetValue(key, out var node))
                return false;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            compiled = node.Value.Content;
            return true;
        }
    }

    private void Add(string key, CompiledContent compiled)
    {
        lock (_lock)
        {
            if (_byKey.ContainsKey(key))
                return;
            _byKey.Add(key, _byUse.AddFirst((key, compiled)));
            _bytes += compiled.Weight;
            while (_byKey.Count > 1 && (_byKey.Count > capacity || _bytes > maxBytes))
            {
                _bytes -= _byUse.Last!.Value.Content.Weight;
                _byKey.Remove(_byUse.Last.Value.Key);
                _byUse.RemoveLast();
            }
        }
    }

    /// <summary>A hash over every field, each with its length or its absence before it.</summary>
    private static string KeyOf(MessageContent content, ComposeOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, content.From.Email);
        Append(hash, content.From.Name);
        Append(hash, content.ReplyTo);
        Append(hash, content.Subject);
        Append(hash, content.Html);
        Append(hash, content.Text);
        Append(hash, content.Preheader);
        Append(hash, content.Language);
        Append(hash, content.InlineImages);
        Append(hash, content.Attachments);
        Append(hash, content.ReturnPath);
        foreach (var (name, value) in content.Headers)
        {
            Append(hash, name);
            Append(hash, value);
        }
        Append(hash, (string?)null);
        Append(hash, options.TrackerBaseUrl.AbsoluteUri);
        Append(hash, options.Utm?.Source);
        Append(hash, options.Utm?.Medium);
        Append(hash, options.Utm?.Campaign);
        Append(hash, options.Utm?.Term);
        Append(hash, options.Utm?.Content);
        hash.AppendData([(byte)(options.OpenTracking ? 1 : 0), (byte)(options.ClickTracking ? 1 : 0), (byte)(options.ListUnsubscribe ? 1 : 0), (byte)(options.ScannerLink ? 1 : 0)]);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, IReadOnlyList<Attachment> attachments)
    {
        foreach (var attachment in attachments)
        {
            Append(hash, attachment.Name);
            Append(hash, attachment.Type);
            hash.AppendData(BitConverter.GetBytes(attachment.Data.Length));
            hash.AppendData(attachment.Data);
        }
        Append(hash, (string?)null);
    }

    private static void Append(IncrementalHash hash, string? text)
    {
        hash.AppendData(BitConverter.GetBytes(text?.Length ?? -1));
        hash.AppendData(Encoding.Unicode.GetBytes(text ?? ""));
    }
}
