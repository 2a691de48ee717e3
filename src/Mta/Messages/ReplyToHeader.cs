using System.Text;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>Writes Reply-To from what a template gave: <c>name@domain</c> or <c>Name &lt;name@domain></c>.</summary>
internal static class ReplyToHeader
{
    /// <param name="value">Clean (<see cref="HeaderText.Clean"/>) and not empty.</param>
    public static bool TryWrite(ReadOnlySpan<byte> value, ByteBuffer output)
    {
        var name = default(ReadOnlySpan<byte>);
        var open = value.LastIndexOf((byte)'<');
        if (open >= 0 && value[^1] == (byte)'>')
        {
            name = value[..open].Trim(" \""u8);
            value = value[(open + 1)..^1];
        }
        if (!MailAddress.TryNormalize(Encoding.UTF8.GetString(value), out var address))
            return false;
        HeaderWriter.WriteMailbox("Reply-To"u8, name, Encoding.UTF8.GetBytes(address), output);
        return true;
    }
}
