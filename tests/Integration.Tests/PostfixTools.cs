using System.Diagnostics;
using Delivery.Testing;

namespace Delivery.Integration.Tests;

/// <summary>Postfix's programs as they were unpacked, with the libraries they need.</summary>
internal static class PostfixTools
{
    public static string Root { get; } = RepositoryRoot.Tool("postfix");

    public static string Libraries { get; } = string.Join(
        ':', Directory.EnumerateFiles(Root, "*.so*", SearchOption.AllDirectories).Select(Path.GetDirectoryName).Distinct());

    /// <summary>Starts smtp-sink; as root it changes to an account without rights, for whom the folder is opened.</summary>
    public static RunningTool Start(string name, IEnumerable<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(Path.Combine(Root, "usr/sbin", name)) { WorkingDirectory = folder, RedirectStandardError = true };
        start.Environment["LD_LIBRARY_PATH"] = Libraries;
        if (Environment.UserName == "root")
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
            start.ArgumentList.Add("-u");
            start.ArgumentList.Add("nobody");
        }

        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return new RunningTool(Process.Start(start)!);
    }
}

/// <summary>A process that ends with its owner.</summary>
internal sealed class RunningTool(Process process) : IDisposable
{
    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
