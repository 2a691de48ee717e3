using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Delivery.Mta.Smtp.Security;

namespace Delivery.Mta.Smtp;

/// <summary>Settings that contradict each other, and files that cannot be used. No text here quotes a password.</summary>
internal static class SmtpOptionsRules
{
    public static IEnumerable<ValidationResult> Check(SmtpOptions options) =>
        Timeouts(options).Concat(Tls(options)).Concat(Login(options));

    private static IEnumerable<ValidationResult> Timeouts(SmtpOptions options)
    {
        if (options.TransactionTimeout <= options.FinalReplyTimeout)
        {
            yield return Fault(
                nameof(SmtpOptions.TransactionTimeout),
                $"is {options.TransactionTimeout}: it must be longer than Mta:Smtp:FinalReplyTimeout ({options.FinalReplyTimeout}), or a message that the relay takes in time is given up and sent twice");
        }
    }

    private static IEnumerable<ValidationResult> Tls(SmtpOptions options)
    {
        if (options.ImplicitTls && options.Tls == TlsPolicy.None)
            yield return Fault(nameof(SmtpOptions.Tls), "is none and Mta:Smtp:ImplicitTls is true: set Tls to required (any certificate) or verified");
        if (options.TlsCaFile is { } file && FaultOf(() => RelaySecurity.Authorities(file)) is { } fault)
            yield return Fault(nameof(SmtpOptions.TlsCaFile), $"cannot be used: {fault}");
    }

    private static IEnumerable<ValidationResult> Login(SmtpOptions options)
    {
        var passwords = (options.Password is null ? 0 : 1) + (options.PasswordFile is null ? 0 : 1);
        if (options.User is null)
        {
            if (passwords > 0)
                yield return Fault(nameof(SmtpOptions.User), "is missing: a password is set without it");
            yield break;
        }

        if (passwords != 1)
            yield return Fault(nameof(SmtpOptions.User), $"is set with {(passwords == 0 ? "neither" : "both")} of Mta:Smtp:Password and Mta:Smtp:PasswordFile: give one");
        if (options.User.AsSpan().ContainsAnyInRange('\0', '\x1F'))
            yield return Fault(nameof(SmtpOptions.User), "has a line break or control character");
        if (options.Tls == TlsPolicy.None)
            yield return Fault(nameof(SmtpOptions.Tls), "is none and Mta:Smtp:User is set: credentials never go in the clear; set Tls to verified, required or opportunistic");
        if (options.Password is { } password && Credentials.Fault(password) is { } wrong)
            yield return Fault(nameof(SmtpOptions.Password), wrong);
        if (options.PasswordFile is { } file && FaultOf(() => Credentials.PasswordOf(file)) is { } unread)
            yield return Fault(nameof(SmtpOptions.PasswordFile), $"cannot be used: {unread}");
    }

    private static string? FaultOf(Func<object> read)
    {
        try
        {
            read();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or InvalidDataException or ArgumentException or NotSupportedException)
        {
            return e.Message;
        }
    }

    private static ValidationResult Fault(string setting, string fault) => new($"Mta:Smtp:{setting} {fault}.", [setting]);
}
