using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Delivery.Cli.Processes;
using Delivery.Cli.Up;

namespace Delivery.Cli.Bench;

/// <summary>Programs of others that figures are held against, as <c>./delivery</c> unpacked them.</summary>
internal static class BenchTools
{
    private static readonly string[] TemporaryKinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

    /// <summary>Postfix's SMTP server that throws all mail away; ready when it greets.</summary>
    public static ChildSpec SmtpSink(int port) => new()
    {
        Name = "smtp-sink",
        Command = [Tool("postfix", "usr/sbin/smtp-sink"), .. AsNobody(), $"127.0.0.1:{port}", "1000"],
        Environment = Libraries("postfix"),
        Ready = stop => GreetsAsync(port, stop),
    };

    /// <summary>Sends with Postfix's load generator and returns the seconds that it took, its own start included.</summary>
    /// <param name="sizeBytes">Of a message with its headers.</param>
    public static async Task<double> SmtpSourceAsync(int port, int connections, long messages, int sizeBytes, TimeProvider time, CancellationToken stop)
    {
        const int headers = 250;
        var start = new ProcessStartInfo(Tool("postfix", "usr/sbin/smtp-source")) { RedirectStandardError = true };
        foreach (var argument in (string[])
                 [
                     "-d", "-s", $"{connections}", "-m", $"{messages}", "-l", $"{Math.Max(1, sizeBytes - headers)}",
                     "-f", "shop@bench.example", "-t", "reader@inbox.example", $"127.0.0.1:{port}",
                 ])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in Libraries("postfix"))
            start.Environment[name] = value;
        var begin = time.GetTimestamp();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(stop);
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        var seconds = time.GetElapsedTime(begin).TotalSeconds;
        return process.ExitCode == 0 ? seconds : throw new LaunchException($"smtp-source ended with {process.ExitCode}: {await error}", ExitCodes.Failure);
    }

    /// <summary>nginx answering every request with its pixel; null where it is not installed.</summary>
    /// <param name="folder">Made; gets its files.</param>
    public static ChildSpec? Nginx(int port, string folder)
    {
        var program = Path.Combine(Programs.Root, ".tools", "nginx", "usr/sbin/nginx");
        if (!File.Exists(program))
            return null;
        Directory.CreateDirectory(folder);
        var temporary = string.Join('\n', TemporaryKinds.Select(kind => $"{kind}_temp_path {folder}/{kind};"));
        File.WriteAllText(Path.Combine(folder, "nginx.conf"), $$"""
            daemon off;
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            worker_processes auto;
            pid {{folder}}/pid;
            error_log stderr;
            events { worker_connections 4096; }
            http {
              access_log off;
              keepalive_requests 1000000000;
              {{temporary}}
              server { listen 127.0.0.1:{{port}}; location / { empty_gif; } }
            }
            """);
        return new ChildSpec
        {
            Name = "nginx",
            Command = [program, "-p", folder, "-c", Path.Combine(folder, "nginx.conf")],
            Environment = Libraries("nginx"),
            Ready = Probes.Http(new Uri($"http://127.0.0.1:{port}/")),
        };
    }

    private static string Tool(string package, string path) =>
        Path.Combine(Programs.Root, ".tools", package, path) is var program && File.Exists(program)
            ? program
            : throw new LaunchException($"{program} is not there: ./delivery tools installs it");

    /// <summary>Where the package's own libraries are, for a program that is not installed but unpacked.</summary>
    private static Dictionary<string, string> Libraries(string package)
    {
        var folders = Directory.EnumerateFiles(Path.Combine(Programs.Root, ".tools", package), "*.so*", SearchOption.AllDirectories).Select(Path.GetDirectoryName).Distinct().ToList();
        return folders.Count == 0 ? [] : new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = string.Join(':', folders) };
    }

    /// <summary>smtp-sink does not run as root.</summary>
    private static string[] AsNobody() => Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];

    private static async Task<bool> GreetsAsync(int port, CancellationToken stop)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, stop);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync(stop) is { } line && line.StartsWith("220", StringComparison.Ordinal);
    }
}
