using System.Diagnostics;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Messages;

/// <summary>A message as Python's e-mail library reads it, with every defect an error.</summary>
internal static class PythonMail
{
    public static async Task<JsonElement> ParseAsync(byte[] message)
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
        await python.StandardInput.BaseStream.WriteAsync(message);
        python.StandardInput.Close();
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, await errors);
        return JsonDocument.Parse(await output).RootElement;
    }
}
