using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Delivery.Contracts.Tokens;

/// <summary>
/// The secrets behind tokens and recipient keys. Old tracking keys stay valid for as long as they are in the file;
/// losing the file kills every link that was ever sent, so it belongs into the backup. Immutable and thread-safe.
/// </summary>
public sealed partial class KeyRing
{
    private const int SecretBytes = 32;
    private readonly byte[]?[] _tracking = new byte[256][];

    private KeyRing(byte current, IEnumerable<KeyValuePair<byte, byte[]>> tracking, byte[] recipientSecret)
    {
        Current = current;
        RecipientSecret = recipientSecret;
        foreach (var (id, secret) in tracking)
            _tracking[id] = secret;
    }

    /// <summary>Id of the key that signs new tokens.</summary>
    public byte Current { get; }

    /// <summary>Secret of <see cref="RecipientKey"/>. Never rotates: suppressions hang on it.</summary>
    public ReadOnlyMemory<byte> RecipientSecret { get; }

    /// <summary>A ring with fresh random secrets.</summary>
    public static KeyRing Create() =>
        new(1, [new(1, RandomNumberGenerator.GetBytes(SecretBytes))], RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>
    /// Loads the file, or writes a new one (owner-readable only, on disk before this returns) where there is none.
    /// Two processes that create it at once end with the same ring.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is not a key ring; the message names what is wrong, never a secret.</exception>
    public static KeyRing LoadOrCreate(string path)
    {
        if (!File.Exists(path))
            Create().Save(path);
        return Load(path);
    }

    /// <exception cref="InvalidDataException">The file is not a key ring.</exception>
    public static KeyRing Load(string path)
    {
        KeyRingFile? file;
        try
        {
            file = JsonSerializer.Deserialize(File.ReadAllBytes(path), KeyRingJson.Default.KeyRingFile);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.LineNumber is { } line
                ? $"{path} is not a key ring: line {line + 1} is not valid JSON, or not what stands there in a key ring."
                : $"{path} is not a key ring: it needs 'current', 'tracking' and 'recipient_secret'.");
        }

        if (file is null || !file.Tracking.ContainsKey(file.Current))
            throw new InvalidDataException($"{path} is not a key ring: 'current' names no key under 'tracking'.");
        foreach (var (id, secret) in file.Tracking)
        {
            if (secret is null || secret.Length < SecretBytes)
                throw new InvalidDataException($"{path}: tracking key {id} is shorter than {SecretBytes} bytes.");
        }

        if (file.RecipientSecret.Length < SecretBytes)
            throw new InvalidDataException($"{path}: 'recipient_secret' is shorter than {SecretBytes} bytes.");
        return new KeyRing(file.Current, file.Tracking, file.RecipientSecret);
    }

    /// <summary>The same ring with a new signing key under the next free id; the old keys go on verifying.</summary>
    /// <exception cref="InvalidOperationException">All 255 ids are taken.</exception>
    public KeyRing Rotate()
    {
        for (var id = 1; id < 256; id++)
        {
            if (_tracking[id] is null)
                return new KeyRing((byte)id, [.. Tracking(), new((byte)id, RandomNumberGenerator.GetBytes(SecretBytes))], RecipientSecret.ToArray());
        }

        throw new InvalidOperationException("All 255 tracking key ids are taken.");
    }

    /// <summary>The secret of a key id, or null where the ring has none.</summary>
    internal byte[]? TrackingSecret(byte id) => _tracking[id];

    private IEnumerable<KeyValuePair<byte, byte[]>> Tracking()
    {
        for (var id = 0; id < 256; id++)
        {
            if (_tracking[id] is { } secret)
                yield return new((byte)id, secret);
        }
    }

    /// <summary>Writes the ring where no file is yet; keeps the one that is there.</summary>
    public void Save(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(stream, new KeyRingFile
            {
                Current = Current,
                Tracking = Tracking().ToDictionary(),
                RecipientSecret = RecipientSecret.ToArray(),
            }, KeyRingJson.Default.KeyRingFile);
            stream.Flush(flushToDisk: true);
        }

        try
        {
            Publish(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Gives the file its name in one step, and only where the name is free: File.Move looks first and renames then.</summary>
    private static void Publish(string temporary, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            if (!File.Exists(path))
                File.Move(temporary, path, overwrite: false);
        }
        else if (Link(temporary, path) != 0 && !File.Exists(path))
        {
            throw new IOException($"{path} cannot be written (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);
}

internal sealed class KeyRingFile
{
    public required byte Current { get; init; }

    public required Dictionary<byte, byte[]> Tracking { get; init; }

    public required byte[] RecipientSecret { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(KeyRingFile))]
internal sealed partial class KeyRingJson : JsonSerializerContext;
