using System.Reflection;
using System.Runtime.InteropServices;

namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>Finds and loads libchdb.so once per process.</summary>
internal static class EngineLibrary
{
    private const string RelativePath = ".tools/lib/libchdb.so";

    /// <summary>The configured file, or the first <c>.tools/lib/libchdb.so</c> above the program's or the current folder; null when there is none.</summary>
    public static string? Find(string? configured)
    {
        if (!string.IsNullOrEmpty(configured)) return File.Exists(configured) ? Path.GetFullPath(configured) : null;
        return FindAbove(AppContext.BaseDirectory) ?? FindAbove(Environment.CurrentDirectory);
    }

    /// <exception cref="EngineStartException">The file is not a library for this machine, or lacks a function that is needed.</exception>
    public static void Load(string path)
    {
        if (!NativeLibrary.TryLoad(path, out var handle))
            throw new EngineStartException($"{path} cannot be loaded on this machine. Run `./delivery tools` to install the engine again.");
        if (!NativeLibrary.TryGetExport(handle, "chdb_stream_insert_n", out _) || !NativeLibrary.TryGetExport(handle, "chdb_classify_query_n", out _))
            throw new EngineStartException($"{path} is older than 26.7.3. Run `./delivery tools` to install the engine that this program needs.");
        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name == ChdbNative.Library ? handle : 0);
        ChdbNative.SetSignalHandlersEnabled(0);
    }

    private static string? FindAbove(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, RelativePath);
            if (File.Exists(candidate)) return candidate;
        }

        return null;
    }
}
