namespace Delivery.Contracts.Dkim;

/// <summary>
/// A key in the folder of DKIM keys: <c>FOLDER/DOMAIN/SELECTOR.pem</c>, with <c>.standby</c> or <c>.retired</c> behind it when it is not in
/// use. Domain and selector are lower case; the domain is in ASCII (A-labels).
/// </summary>
public sealed record DkimKeyFile(string Folder, string Domain, string Selector, DkimKeyState State)
{
    private const string Ending = ".pem";
    private static readonly DkimKeyState[] States = Enum.GetValues<DkimKeyState>();

    public string Path => System.IO.Path.Combine(Folder, Domain, Selector + EndingOf(State));

    /// <summary>All keys of a folder, by domain and selector. A folder that is not there has none. Files that are named otherwise are left out.</summary>
    public static IReadOnlyList<DkimKeyFile> List(string folder)
    {
        var files = new List<DkimKeyFile>();
        if (!Directory.Exists(folder))
            return files;
        foreach (var domain in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            foreach (var path in Directory.EnumerateFiles(domain).Order(StringComparer.Ordinal))
            {
                var name = System.IO.Path.GetFileName(path);
                foreach (var state in States)
                {
                    if (name.Length > EndingOf(state).Length && name[0] != '.' && name.EndsWith(EndingOf(state), StringComparison.Ordinal))
                        files.Add(new DkimKeyFile(folder, System.IO.Path.GetFileName(domain), name[..^EndingOf(state).Length], state));
                }
            }
        }

        return files;
    }

    /// <summary>The key of a selector, in whichever state it is; null where there is none.</summary>
    public static DkimKeyFile? Find(string folder, string domain, string selector)
    {
        foreach (var state in States)
        {
            var file = new DkimKeyFile(folder, domain, selector, state);
            if (File.Exists(file.Path))
                return file;
        }

        return null;
    }

    private static string EndingOf(DkimKeyState state) => state switch
    {
        DkimKeyState.Standby => Ending + ".standby",
        DkimKeyState.Retired => Ending + ".retired",
        _ => Ending,
    };
}
