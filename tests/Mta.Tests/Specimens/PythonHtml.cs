using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Specimens;

/// <summary>HTML as Python's parser reads it.</summary>
/// <param name="Attributes">Name and value of each.</param>
/// <param name="Positions">Tag and position of each <c>data-position</c>, in the order of the HTML.</param>
/// <param name="Styles">Style sheets and style attributes.</param>
/// <param name="Other">Comments, declarations and instructions.</param>
internal sealed record PythonHtml(List<string> Tags, List<(string Name, string Value)> Attributes, List<(string Tag, int Position)> Positions, string Text, string Styles, List<string> Other)
{
    /// <summary>All by one process.</summary>
    public static async Task<IReadOnlyList<PythonHtml>> ReadAllAsync(IReadOnlyList<byte[]> documents)
    {
        var script = Path.Combine(RepositoryRoot.Path, "tests", "Mta.Tests", "Specimens", "read_specimens.py");
        using var python = Process.Start(new ProcessStartInfo("python3", ["-X", "utf8", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = python.StandardOutput.ReadToEndAsync();
        var errors = python.StandardError.ReadToEndAsync();
        foreach (var document in documents)
        {
            await python.StandardInput.BaseStream.WriteAsync(Encoding.ASCII.GetBytes($"{document.Length}\n"));
            await python.StandardInput.BaseStream.WriteAsync(document);
        }

        python.StandardInput.Close();
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, await errors);
        var read = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Read(JsonDocument.Parse(line).RootElement)).ToArray();
        Assert.Equal(documents.Count, read.Length);
        return read;
    }

    private static PythonHtml Read(JsonElement page) => new(
        [.. page.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!)],
        [.. page.GetProperty("attributes").EnumerateArray().Select(one => (one[0].GetString()!, one[1].GetString()!))],
        [.. page.GetProperty("positions").EnumerateArray().Select(one => (one[0].GetString()!, one[1].GetInt32()))],
        page.GetProperty("text").GetString()!,
        page.GetProperty("styles").GetString()!,
        [.. page.GetProperty("other").EnumerateArray().Select(one => one.GetString()!)]);
}
