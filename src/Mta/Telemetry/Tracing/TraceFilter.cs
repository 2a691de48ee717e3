using System.Text;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Telemetry.Tracing;

/// <summary>Which attempts a reader wants to see: those of its account, to one address or one domain where it names them.</summary>
internal sealed class TraceFilter(uint account, string? domain, string? recipient)
{
    private readonly byte[]? _domain = domain is null ? null : Encoding.UTF8.GetBytes(domain);
    private readonly byte[]? _recipient = recipient is null ? null : Encoding.UTF8.GetBytes(recipient);

    public uint Account => account;

    public bool Lets(OutgoingMessage message)
    {
        if (message.Origin.Account != account)
            return false;
        var address = message.EnvelopeTo.Span;
        if (_recipient is not null && !Ascii.EqualsIgnoreCase(address, _recipient))
            return false;
        return _domain is null || Ascii.EqualsIgnoreCase(address[(address.LastIndexOf((byte)'@') + 1)..], _domain);
    }
}
