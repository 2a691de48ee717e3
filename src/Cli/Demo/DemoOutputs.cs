using System.Globalization;
using Delivery.Cli.Demo.Results;
using Delivery.Cli.Sink;

namespace Delivery.Cli.Demo;

/// <summary>The files that a demo was asked to leave behind: tried before anything starts, written at the end.</summary>
internal sealed class DemoOutputs(DemoOptions options)
{
    /// <summary>Makes the folders, and writes and takes away an empty file where there is to be one. What is there already stays as it is.</summary>
    /// <exception cref="LaunchException">One of them cannot be written.</exception>
    public void Check()
    {
        if (options.Json is { } json)
            Try("--json", json, () => Probe(json));
        if (options.Messages is { } folder)
            Try("--messages", folder, () => Probe(Path.Combine(folder, $".{Guid.NewGuid():N}")));
    }

    /// <summary>Writes the result and each message as NUMBER.eml, numbered in the order of arrival.</summary>
    /// <returns>One line for each that could not be written.</returns>
    public IReadOnlyList<string> Write(DemoResult result, IReadOnlyList<CapturedMessage> messages)
    {
        var faults = new List<string>();
        if (options.Json is { } json)
            Attempt(faults, "--json", json, () => result.Write(json));
        if (options.Messages is { } folder)
        {
            Attempt(faults, "--messages", folder, () =>
            {
                Directory.CreateDirectory(folder);
                foreach (var message in messages)
                    File.WriteAllBytes(Path.Combine(folder, message.Number.ToString("D6", CultureInfo.InvariantCulture) + ".eml"), message.Raw);
            });
        }

        return faults;
    }

    private static void Attempt(List<string> faults, string option, string path, Action write)
    {
        try
        {
            Try(option, path, write);
        }
        catch (LaunchException e)
        {
            faults.Add(e.Message);
        }
    }

    private static void Try(string option, string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new LaunchException($"{option} {path} cannot be written: {e.Message}");
        }
    }

    private static void Probe(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new IOException("it is a folder");
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var there = File.Exists(full);
        using (new FileStream(full, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite))
        {
        }

        if (!there)
            File.Delete(full);
    }
}
