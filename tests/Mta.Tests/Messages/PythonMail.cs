using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Messages;

/// <summary>Messages as Python's e-mail library reads them, with every defect an error.</summary>
internal static class PythonMail
{
    public static async Task<JsonElement> ParseAsync(byte[] message) => (await ParseAllAsync([message]))[0];

    /// <summary>All by one process.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ParseAllAsync(IReadOnlyList<byte[]> messages)
    {
        var script = Path.Combine(RepositoryRoot.Path, "tests", "Mta.Tests", "Messages", "parse_mail.py");
        using var python = Process.Start(new ProcessStartInfo("python3", ["-X", "utf8", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = python.StandardOutput.ReadToEndAsync();
        var errors = python.StandardError.ReadToEndAsync();
        foreach (var message in messages)
        {
            await python.StandardInput.BaseStream.WriteAsync(Encoding.ASCII.GetBytes($"{message.Length}\n"));
            await python.StandardInput.BaseStream.WriteAsync(message);
        }
        python.StandardInput.Close();
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, await errors);
        var read = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(messages.Count, read.Length);
        return read;
    }
}
