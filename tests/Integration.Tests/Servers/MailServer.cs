using System.Diagnostics;
using Delivery.Testing;

namespace Delivery.Integration.Tests.Servers;

/// <summary>
/// A mail server that others wrote, on a loopback port of its own. Takes mail for <c>inbox.example</c>, a file each in
/// <see cref="Inbox"/>, and refuses <c>nobody@inbox.example</c>.
/// </summary>
internal abstract class MailServer : IAsyncDisposable
{
    private Process? _process;

    public int Port { get; protected init; } = FreePort.Next();

    public abstract string Inbox { get; }

    /// <summary>A PEM file with the certificate that the server shows under STARTTLS, which vouches for itself.</summary>
    public abstract string Certificate { get; }

    /// <summary>All that is stored, as it is.</summary>
    public List<byte[]> Stored() => Directory.Exists(Inbox) ? [.. Directory.GetFiles(Inbox).Select(File.ReadAllBytes)] : [];

    public virtual async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
    }

    /// <summary>Returns when the server greets.</summary>
    protected async Task StartAsync(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        await Eventually.HoldsAsync(
            async () =>
            {
                if (_process.HasExited)
                    return true;
                using var client = new System.Net.Sockets.TcpClient();
                await client.ConnectAsync("127.0.0.1", Port);
                var buffer = new byte[3];
                return await client.GetStream().ReadAsync(buffer) == 3 && buffer.AsSpan().SequenceEqual("220"u8);
            },
            "the server greets");
        Assert.False(_process.HasExited, $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {(_process.HasExited ? _process.ExitCode : 0)}");
    }
}
