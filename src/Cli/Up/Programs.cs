namespace Delivery.Cli.Up;

/// <summary>Where the programs and tools of this checkout are.</summary>
internal static class Programs
{
    /// <summary>The folder that holds Delivery.sln, or the program's own folder where it was copied elsewhere.</summary>
    public static string Root { get; } = FindRoot();

    public static string RedisServer => Path.Combine(Root, ".tools", "bin", "redis-server");

    public static string EngineLibrary => Path.Combine(Root, ".tools", "lib", "libchdb.so");

    /// <summary>The command that runs a program of the solution, which is built beside this one.</summary>
    /// <exception cref="LaunchException">It is not built.</exception>
    public static IReadOnlyList<string> Command(string name)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(here.Parent!.Parent!.FullName, name, here.Name, $"Delivery.{name}.dll");
        if (!File.Exists(path))
            throw new LaunchException($"{path} is not there: build the solution (./delivery does)", ExitCodes.Failure);
        return [Host(), path];
    }

    private static string Host()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host && File.Exists(host))
            return host;
        return Environment.ProcessPath is { } self && Path.GetFileName(self) == "dotnet" ? self : "dotnet";
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Delivery.sln")))
                return folder.FullName;
        }

        return AppContext.BaseDirectory;
    }
}
