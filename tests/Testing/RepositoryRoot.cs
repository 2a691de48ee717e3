namespace Delivery.Testing;

/// <summary>The folder that holds Delivery.sln.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find();

    public static string Tool(string relative) => System.IO.Path.Combine(Path, ".tools", relative);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Delivery.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("Delivery.sln is in no folder above " + AppContext.BaseDirectory);
    }
}
