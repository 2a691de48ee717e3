using System.Net.Sockets;
using System.Text;

namespace Delivery.Testing;

/// <summary>What a client has sent and the session has not yet taken, filled by a pump that never waits for answers.</summary>
internal sealed class ScriptedSmtpInput(ScriptedSmtpServer server, Stream first, CancellationToken stop)
{
    private const string Upgrade = "STARTTLS\r\n";
    private readonly SemaphoreSlim _upgraded = new(0);
    private Stream _stream = first;
    private readonly StringBuilder _unread = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    public async Task PumpAsync()
    {
        var buffer = new byte[128 * 1024];
        try
        {
            int count;
            while ((count = await _stream.ReadAsync(buffer, stop)) > 0)
            {
                server.OnRead();
                var text = Encoding.Latin1.GetString(buffer, 0, count);
                Signal(() => _unread.Append(text));
                // What follows is a handshake, which is not for this pump.
                if (text.EndsWith(Upgrade, StringComparison.Ordinal)) await _upgraded.WaitAsync(stop);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
        }
        Signal(() => _ended = true);
    }

    /// <summary>STARTTLS has been answered: goes on with what the connection is now.</summary>
    public void GoOn(Stream stream)
    {
        _stream = stream;
        _upgraded.Release();
    }

    /// <summary>The next line without its CRLF; null when the client has hung up.</summary>
    public async Task<string?> ReadLineAsync() =>
        await TakeAsync(unread => unread.IndexOf("\r\n", StringComparison.Ordinal) is >= 0 and var at ? at + 2 : -1) is { } line
            ? line[..^2]
            : null;

    /// <summary>All up to and with the final dot's line; null when the client hung up within.</summary>
    public async Task<byte[]?> ReadBodyAsync()
    {
        var searched = 0;
        var body = await TakeAsync(unread =>
        {
            if (unread.StartsWith(".\r\n", StringComparison.Ordinal)) return 3;
            var at = unread.IndexOf("\r\n.\r\n", Math.Max(0, searched - 5), StringComparison.Ordinal);
            searched = unread.Length;
            return at < 0 ? -1 : at + 5;
        });
        return body is null ? null : Encoding.Latin1.GetBytes(body);
    }

    /// <summary>That many bytes; null when the client hung up within.</summary>
    public async Task<byte[]?> ReadOctetsAsync(int count) =>
        await TakeAsync(unread => unread.Length >= count ? count : -1) is { } octets ? Encoding.Latin1.GetBytes(octets) : null;

    public bool Contains(string text)
    {
        lock (_unread) return _unread.ToString().Contains(text, StringComparison.Ordinal);
    }

    public async Task WaitForAsync(string text, TimeSpan deadline)
    {
        while (true)
        {
            Task more;
            lock (_unread)
            {
                if (_unread.ToString().Contains(text, StringComparison.Ordinal)) return;
                more = _more.Task;
            }
            await more.WaitAsync(deadline, stop);
        }
    }

    private async Task<string?> TakeAsync(Func<string, int> find)
    {
        while (true)
        {
            Task more;
            lock (_unread)
            {
                var length = find(_unread.ToString());
                if (length >= 0)
                {
                    var taken = _unread.ToString(0, length);
                    _unread.Remove(0, length);
                    return taken;
                }
                if (_ended) return null;
                more = _more.Task;
            }
            await more.WaitAsync(stop);
        }
    }

    private void Signal(Action change)
    {
        TaskCompletionSource more;
        lock (_unread)
        {
            change();
            more = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        more.SetResult();
    }
}
