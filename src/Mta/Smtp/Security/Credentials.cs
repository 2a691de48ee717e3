using System.Text;

namespace Delivery.Mta.Smtp.Security;

/// <summary>Who we are to the relay. Never written to a log: it has no text form.</summary>
internal sealed class Credentials
{
    /// <summary>Characters of a password, which leaves AUTH's lines far below the 12,288 octets of RFC 4954 section 4.</summary>
    public const int MaxPasswordLength = 1024;

    private Credentials(string user, string password)
    {
        User = user;
        Password = password;
        Scrubber = new SecretScrubber(user, password);
    }

    public string User { get; }

    public string Password { get; }

    public SecretScrubber Scrubber { get; }

    /// <summary>
    /// Those of the options, null where there are none. A file is read anew each time, so that a new password in it needs no
    /// restart. Throws <see cref="SmtpConnectionException"/> where it cannot be read.
    /// </summary>
    public static Credentials? Read(SmtpOptions options)
    {
        if (options.User is not { } user) return null;
        try
        {
            return new Credentials(user, options.Password ?? PasswordOf(options.PasswordFile!));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SmtpConnectionException(SmtpLoss.LoginRefused, "Mta:Smtp:PasswordFile cannot be used: " + e.Message, e);
        }
    }

    /// <summary>The file's one line. Throws <see cref="InvalidDataException"/>, which names no part of it, where that is no password.</summary>
    public static string PasswordOf(string file)
    {
        using var stream = File.OpenRead(file);
        var bytes = new byte[4 * MaxPasswordLength + 3];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var password = Encoding.UTF8.GetString(bytes, 0, length).TrimStart('\uFEFF').TrimEnd('\r', '\n');
        return Fault(password) is { } fault ? throw new InvalidDataException($"the password in {file} {fault}") : password;
    }

    /// <summary>Why that is no password; null where it is one.</summary>
    public static string? Fault(string password) => password switch
    {
        "" => "is empty",
        { Length: > MaxPasswordLength } => $"is longer than {MaxPasswordLength} characters",
        _ when password.AsSpan().ContainsAnyInRange('\0', '\x1F') => "has a line break or control character",
        _ => null,
    };
}
