using System.Runtime.CompilerServices;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>A fact that needs a program from .tools, and is skipped by name where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(string tool, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Tool = tool;
        if (Find(tool) is null) Skip = $"{Path.GetFileName(file)}:{line} needs .tools/{tool}";
    }

    public string Tool { get; }

    /// <summary>The path of something under .tools beside the solution; null where it is missing.</summary>
    public static string? Find(string tool)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Delivery.sln"))) folder = folder.Parent;
        if (folder is null) return null;
        var path = Path.Combine(folder.FullName, ".tools", tool);
        return Path.Exists(path) ? path : null;
    }
}
