using System.Security.Cryptography;
using System.Text;

namespace Delivery.Contracts.Dkim;

/// <summary>Private keys in their files: makes them, reads them, and refuses what must not sign. No message holds anything of a key.</summary>
public static class DkimPrivateKey
{
    /// <summary>RFC 8301 section 3.2: signers use at least 2048 bits.</summary>
    public const int MinBits = 2048;

    /// <summary>Verifiers need not take more (RFC 8301), and a signature's time grows eightfold with each doubling.</summary>
    public const int MaxBits = 4096;

    private const int MaxFileBytes = 64 * 1024;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes a key and its file (PKCS#8, mode 0600, the three folders above it 0700 where they are new), on disk before this returns. A file that is there stays.</summary>
    /// <exception cref="IOException">There is such a file, or it cannot be written.</exception>
    public static void Create(DkimKeyFile file, int bits = MinBits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, MinBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MaxBits);
        var folder = Path.GetDirectoryName(file.Path)!;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        foreach (var above in (string[])[Path.GetDirectoryName(Path.GetFullPath(file.Folder))!, file.Folder, folder])
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(above);
            else
                Directory.CreateDirectory(above, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        // Hidden until it is whole: nobody takes half a key for one.
        var temporary = Path.Combine(folder, $".{file.Selector}.{Guid.NewGuid():N}");
        using var key = RSA.Create(bits);
        var pem = Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n");
        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(pem);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file.Path, overwrite: false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pem);
            File.Delete(temporary);
        }
    }

    /// <summary>The key, which has signed once already. It belongs to the caller.</summary>
    /// <exception cref="InvalidDataException">The file is not fit to sign with; the message names it and what to do.</exception>
    public static RSA Read(DkimKeyFile file)
    {
        if (DkimNames.Check(file.Domain, file.Selector) is { } fault)
            throw new InvalidDataException($"{file.Path}: {fault}");
        byte[] bytes;
        try
        {
            using var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(stream.SafeFileHandle) & Others) != 0)
                throw new InvalidDataException($"{file.Path} can be read by others on this machine: chmod 600 it, and make a new key should somebody have");
            if (stream.Length > MaxFileBytes)
                throw new InvalidDataException($"{file.Path} is no private key: it is larger than {MaxFileBytes} bytes");
            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{file.Path} cannot be read: {e.Message}");
        }

        var text = new char[Encoding.ASCII.GetMaxCharCount(bytes.Length)];
        try
        {
            return Import(file.Path, text.AsSpan(0, Encoding.ASCII.GetChars(bytes, text)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            Array.Clear(text);
        }
    }

    private static RSA Import(string path, ReadOnlySpan<char> pem)
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.KeySize is < MinBits or > MaxBits)
                throw new InvalidDataException($"{path} has {key.KeySize} bits: a key to sign with has {MinBits} to {MaxBits}; make a new one");
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            var signature = key.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            if (!key.VerifyHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
                throw new InvalidDataException($"{path} is damaged: what it signs does not verify");
            return key;
        }
        catch (Exception e)
        {
            key.Dispose();
            if (e is ArgumentException or CryptographicException)
                throw new InvalidDataException($"{path} is no RSA private key in PEM without a password (PKCS#8: BEGIN PRIVATE KEY)");
            throw;
        }
    }
}
