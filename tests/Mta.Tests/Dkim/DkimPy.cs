using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Delivery.Mta.Tests.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Dkim;

/// <summary>dkimpy, which others wrote, as the judge of signatures.</summary>
internal static class DkimPy
{
    /// <summary>What <see cref="ToolFactAttribute"/> looks for.</summary>
    public const string Tool = "dkimpy/usr/lib/python3/dist-packages";

    /// <summary>For each message one verdict for each of its signatures, from the top; all by one process.</summary>
    public static async Task<IReadOnlyList<bool[]>> VerifyAsync(IReadOnlyDictionary<string, string> records, IReadOnlyList<byte[]> messages)
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(RepositoryRoot.Path, "tests", "Mta.Tests", "Dkim", "verify_dkim.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONPATH"] = ToolFactAttribute.Find(Tool);
        using var python = Process.Start(start)!;
        var output = python.StandardOutput.ReadToEndAsync();
        var errors = python.StandardError.ReadToEndAsync();
        await using (var input = new BufferedStream(python.StandardInput.BaseStream, 1 << 16))
        {
            await input.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(records));
            await input.WriteAsync("\n"u8.ToArray());
            foreach (var message in messages)
            {
                await input.WriteAsync(Encoding.ASCII.GetBytes($"{message.Length}\n"));
                await input.WriteAsync(message);
            }
        }

        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, await errors);
        var verdicts = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<bool[]>(line)!).ToArray();
        Assert.Equal(messages.Count, verdicts.Length);
        return verdicts;
    }
}
