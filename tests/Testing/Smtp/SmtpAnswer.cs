using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Delivery.Testing;

/// <summary>What a <see cref="ScriptedSmtpServer"/> does at a step.</summary>
public sealed record SmtpAnswer
{
    /// <summary>The exact bytes sent, Latin-1.</summary>
    public string Wire { get; private init; } = "";

    /// <summary>The pause after each byte; none when zero.</summary>
    public TimeSpan PerByte { get; private init; }

    /// <summary>The bytes are sent again and again until the client hangs up.</summary>
    public bool IsEndless { get; private init; }

    /// <summary>The connection is closed after the bytes.</summary>
    public bool Drops { get; private init; }

    /// <summary>Closes the connection without a word.</summary>
    public static SmtpAnswer Drop { get; } = new() { Drops = true };

    /// <summary>Says nothing and goes on listening.</summary>
    public static SmtpAnswer Silence { get; } = new();

    /// <summary>A reply of one line or, split at line feeds, of several; each gets its CRLF.</summary>
    public static SmtpAnswer Of(string reply) => new() { Wire = reply.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n" };

    public static SmtpAnswer Raw(string wire) => new() { Wire = wire };

    public static SmtpAnswer Endless(string wire) => new() { Wire = wire, IsEndless = true };

    /// <summary>For BDAT: its octets are not read, and so are taken for commands.</summary>
    public bool LeavesOctets { get; private init; }

    public SmtpAnswer WithoutOctets() => this with { LeavesOctets = true };

    public SmtpAnswer Dripping(TimeSpan perByte) => this with { PerByte = perByte };

    public SmtpAnswer ThenDrop() => this with { Drops = true };

    /// <summary>The reply's code; 0 when it has none.</summary>
    internal int Code => Wire.Length >= 3 && int.TryParse(Wire.AsSpan(0, 3), out var code) ? code : 0;

    internal byte[] Bytes => Encoding.Latin1.GetBytes(Wire);

    [return: NotNullIfNotNull(nameof(reply))]
    public static implicit operator SmtpAnswer?(string? reply) => FromString(reply);

    [return: NotNullIfNotNull(nameof(reply))]
    public static SmtpAnswer? FromString(string? reply) => reply is null ? null : Of(reply);
}
