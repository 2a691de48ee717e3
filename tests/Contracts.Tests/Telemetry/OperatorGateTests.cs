using System.Net;
using Delivery.Contracts.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Delivery.Contracts.Tests.Telemetry;

public sealed class OperatorGateTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("::ffff:127.0.0.1", "::ffff:127.0.0.1", true)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.4", "10.1.2.3", false)]
    [InlineData("192.0.2.7", "10.1.2.3", true)]
    [InlineData("::ffff:192.0.2.7", "10.1.2.3", true)]
    [InlineData("192.0.2.8", "10.1.2.3", false)]
    [InlineData("198.51.100.200", "10.1.2.3", true)]
    [InlineData("2001:db8::5", "2001:db8::1", false)]
    public void This_machine_and_listed_addresses_are_let_in(string remote, string local, bool let) =>
        Assert.Equal(let, Gate().Lets(Request(remote, local)));

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    [InlineData("Via")]
    [InlineData("X-Real-IP")]
    [InlineData("X-Original-For")]
    [InlineData("X-Original-Host")]
    public void What_came_through_a_proxy_on_this_machine_is_from_outside(string header)
    {
        var request = Request("127.0.0.1", "127.0.0.1");
        request.Request.Headers[header] = "127.0.0.1";
        Assert.False(Gate().Lets(request));
    }

    private static OperatorGate Gate() => new(Options.Create(new OperatorOptions { Addresses = { "192.0.2.7", "198.51.100.0/24" } }));

    private static DefaultHttpContext Request(string remote, string local)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(remote);
        context.Connection.LocalIpAddress = IPAddress.Parse(local);
        return context;
    }
}
