using System.Security.Cryptography;
using System.Text;

namespace Delivery.Contracts.Access;

/// <summary>
/// Tells the account and the rights of a bearer key, and what an account may. Compares digests, in constant time, against every key, so
/// that neither a key's bytes nor its place in the list shows in the time. The keys of the settings stand; those of the accounts file
/// follow it with <see cref="Refresh"/>. Thread-safe.
/// </summary>
public sealed class ApiKeyTable
{
    private const int MinKeyLength = 16;
    private const int MaxKeyLength = 200;

    /// <summary>A file that is younger may change once more without another time stamp.</summary>
    private static readonly TimeSpan StampResolution = TimeSpan.FromSeconds(2);

    private readonly KnownKey[] _configured;
    private readonly string? _file;
    private volatile Snapshot _current;
    private (DateTime Written, long Bytes)? _read;

    /// <exception cref="ArgumentException">An entry has neither key nor digest, or one out of form, or unknown rights; the message names its place, not its content.</exception>
    /// <exception cref="InvalidDataException">The accounts file is none, or others may read it.</exception>
    public ApiKeyTable(ApiKeyOptions options)
    {
        _configured = new KnownKey[options.ApiKeys.Count];
        for (var i = 0; i < _configured.Length; i++)
        {
            var entry = options.ApiKeys[i];
            if (entry.Account == 0)
                throw new ArgumentException($"Access:ApiKeys:{i}:Account is 0: accounts count from 1.");
            if (!RightNames.TryParse(entry.Rights, out var rights))
                throw new ArgumentException($"Access:ApiKeys:{i}:Rights must be 'all', or of 'submit', 'read' and 'admin' with commas between.");
            _configured[i] = new KnownKey(Digest(entry, i), entry.Account, rights);
        }

        _file = string.IsNullOrEmpty(options.File) ? null : Path.GetFullPath(options.File);
        _current = new Snapshot(_configured, []);
        Refresh(TimeProvider.System.GetUtcNow().UtcDateTime);
    }

    /// <summary>Whether there is a file to follow.</summary>
    public bool FollowsFile => _file is not null;

    /// <summary>
    /// Reads the accounts file again where it has changed; true where what it says holds from now on. When it throws, what it said before
    /// holds. One caller at a time.
    /// </summary>
    /// <exception cref="InvalidDataException">It is no accounts file, others may read it, or it is gone.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not read it.</exception>
    public bool Refresh(DateTime nowUtc)
    {
        if (_file is null)
            return false;
        var info = new FileInfo(_file);
        if (!info.Exists)
            return _read is null ? false : throw new InvalidDataException($"{_file} is gone; what it said holds until this program ends");
        var stamp = (info.LastWriteTimeUtc, info.Length);
        if (stamp == _read && nowUtc - info.LastWriteTimeUtc > StampResolution)
            return false;
        var next = new Snapshot(_configured, AccountsFile.Load(_file).Accounts);
        var changed = _read != stamp;
        _read = stamp;
        _current = next;
        return changed;
    }

    /// <param name="authorization">The Authorization header, <c>Bearer KEY</c>; the bare key is taken too, as SparkPost's users send it.</param>
    public bool TryAuthenticate(ReadOnlySpan<char> authorization, out uint account, out Right rights)
    {
        account = 0;
        rights = Right.None;
        var key = authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization[7..].Trim() : authorization.Trim();
        if (key.Length is 0 or > MaxKeyLength)
            return false;
        Span<byte> utf8 = stackalloc byte[MaxKeyLength * 3];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(key, utf8)], digest);
        foreach (var known in _current.Keys)
        {
            if (CryptographicOperations.FixedTimeEquals(known.Digest, digest))
                (account, rights) = (known.Account, known.Rights);
        }

        return account != 0;
    }

    /// <summary>What the file says of an account; null for one of the settings alone, which may do everything.</summary>
    public Account? Find(uint account) => _current.Accounts.GetValueOrDefault(account);

    /// <summary>All accounts of the file, by number. Another object once the file says something else.</summary>
    public IReadOnlyDictionary<uint, Account> Accounts => _current.Accounts;

    private static byte[] Digest(ApiKeyEntry entry, int index)
    {
        if (entry.Key is { } key)
        {
            return key.Length is >= MinKeyLength and <= MaxKeyLength && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? SHA256.HashData(Encoding.UTF8.GetBytes(key))
                : throw new ArgumentException($"Access:ApiKeys:{index}:Key is not {MinKeyLength} to {MaxKeyLength} printable ASCII characters.");
        }

        if (entry.Sha256 is { Length: 64 } hex && hex.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(hex);
        throw new ArgumentException($"Access:ApiKeys:{index} needs Key, or Sha256 as 64 hex digits.");
    }

    private sealed record KnownKey(byte[] Digest, uint Account, Right Rights);

    private sealed class Snapshot
    {
        public Snapshot(KnownKey[] configured, IReadOnlyList<Account> accounts)
        {
            Accounts = accounts.ToDictionary(account => account.Id);
            var keys = configured.Where(key => !IsDisabled(key.Account)).ToList();
            foreach (var account in accounts.Where(account => !account.Disabled))
            {
                foreach (var key in account.Keys)
                {
                    if (key.Sha256 is { } hex && RightNames.TryParse(key.Rights, out var rights))
                        keys.Add(new KnownKey(Convert.FromHexString(hex), account.Id, rights));
                }
            }

            Keys = [.. keys];
        }

        public KnownKey[] Keys { get; }

        public Dictionary<uint, Account> Accounts { get; }

        private bool IsDisabled(uint account) => Accounts.TryGetValue(account, out var found) && found.Disabled;
    }
}
