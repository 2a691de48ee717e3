using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Delivery.Mta.Messages;

/// <summary>
/// Compiled contents by what they are made of, so that a job of one recipient does not pay for compiling. Holds the
/// most recently used ones. Thread-safe; content that does not compile is not kept.
/// </summary>
internal sealed class CompiledContentCache(int capacity = CompiledContentCache.DefaultCapacity)
{
    /// <summary>Contents held at most.</summary>
    public const int DefaultCapacity = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, CompiledContent Content)>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, CompiledContent Content)> _byUse = new();

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
            if (_byKey.Count >= capacity)
            {
                _byKey.Remove(_byUse.Last!.Value.Key);
                _byUse.RemoveLast();
            }
            _byKey.Add(key, _byUse.AddFirst((key, compiled)));
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
        Append(hash, content.ReturnPath);
        foreach (var (name, value) in content.Headers)
        {
            Append(hash, name);
            Append(hash, value);
        }
        Append(hash, null);
        Append(hash, options.TrackerBaseUrl.AbsoluteUri);
        hash.AppendData([(byte)(options.OpenTracking ? 1 : 0), (byte)(options.ClickTracking ? 1 : 0), (byte)(options.ListUnsubscribe ? 1 : 0)]);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string? text)
    {
        hash.AppendData(BitConverter.GetBytes(text?.Length ?? -1));
        hash.AppendData(Encoding.Unicode.GetBytes(text ?? ""));
    }
}
