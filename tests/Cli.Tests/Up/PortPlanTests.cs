using System.Net;
using System.Net.Sockets;
using Delivery.Cli.Up;

namespace Delivery.Cli.Tests.Up;

public sealed class PortPlanTests
{
    [Fact]
    public void A_port_that_is_taken_is_named_with_the_option_that_moves_it()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var error = Assert.Throws<LaunchException>(() => PortPlan.MustBeFree(port, "Mta", "--port-base"));
        Assert.Contains($"port {port} (Mta) is taken", error.Message, StringComparison.Ordinal);
        Assert.Contains("--port-base", error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, error.ExitCode);
    }

    [Fact]
    public void Free_ports_are_six_and_free()
    {
        var plan = PortPlan.Free();
        int[] ports = [plan.Mta, plan.Tracker, plan.Reports, plan.ClickHouse, plan.Redis, plan.Sink];
        Assert.Equal(6, ports.Distinct().Count());
        foreach (var port in ports)
            PortPlan.MustBeFree(port, "test", "none");
    }
}
