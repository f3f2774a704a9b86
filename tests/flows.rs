//! The document of all ways to get a token: every name in it is one of its surface, and every way has an example on each.

use std::fmt::Write as _;

use test_support::checkout::{compare, read};

const PATH: &str = "docs/flows.md";

/// A way to get a token, and what selects it on each surface.
struct Flow {
    name: &'static str,
    powershell: &'static [&'static str],
    command: &'static [&'static str],
    /// Members, each with its class.
    dotnet: &'static [(&'static str, &'static str)],
    c: &'static [&'static str],
}

/// In the order of the sections.
const FLOWS: &[Flow] = &[
    Flow {
        name: "Client credentials",
        powershell: &["-Certificate", "-ClientSecret"],
        command: &["--certificate", "--client-secret-file"],
        dotnet: &[("TokenRequest", "ForClient")],
        c: &["gt_request_new_client_credentials"],
    },
    Flow {
        name: "User name and password",
        powershell: &["-Credential"],
        command: &["--username"],
        dotnet: &[("TokenRequest", "ForPassword")],
        c: &["gt_request_new_password"],
    },
    Flow {
        name: "Refresh token",
        powershell: &["-RefreshToken"],
        command: &["--refresh-token-file"],
        dotnet: &[("TokenRequest", "ForRefreshToken")],
        c: &["gt_request_new_refresh_token"],
    },
    Flow {
        name: "On behalf of",
        powershell: &["-UserAssertion"],
        command: &["--user-assertion-file"],
        dotnet: &[("TokenRequest", "OnBehalfOf")],
        c: &["gt_request_new_on_behalf_of"],
    },
    Flow {
        name: "Device code",
        powershell: &["-UseDeviceCode"],
        command: &["--device-code"],
        dotnet: &[("TokenRequest", "ForDeviceCode")],
        c: &["gt_device_code_new", "gt_request_new_device_code"],
    },
    Flow {
        name: "Account",
        powershell: &["-Account"],
        command: &["--account"],
        dotnet: &[
            ("TokenRequest", "ForAccount"),
            ("TokenClient", "GetAccounts"),
            ("TokenClient", "SignOut"),
        ],
        c: &["gt_client_accounts", "gt_request_new_account", "gt_client_sign_out"],
    },
    Flow {
        name: "Browser",
        powershell: &["-Interactive"],
        command: &["--interactive"],
        dotnet: &[("TokenRequest", "ForBrowser")],
        c: &["gt_sign_in_new", "gt_request_new_sign_in"],
    },
    Flow {
        name: "Managed identity",
        powershell: &["-Identity"],
        command: &["--managed-identity"],
        dotnet: &[("TokenClient", "ForManagedIdentity")],
        c: &["gt_client_new_managed_identity"],
    },
    Flow {
        name: "Federated workload",
        powershell: &[
            "-FederatedTokenFile",
            "-GitHubActions",
            "-AzurePipelines",
            "-ClientAssertion",
        ],
        command: &["--federated-token-file", "--github-actions", "--azure-pipelines"],
        dotnet: &[
            ("ClientCredential", "FromFederatedTokenFile"),
            ("ClientCredential", "FromGitHubActions"),
            ("ClientCredential", "FromAzurePipelines"),
            ("ClientCredential", "FromAssertion"),
        ],
        c: &[
            "gt_credential_new_federated_token_file",
            "gt_credential_new_github_actions",
            "gt_credential_new_azure_pipelines",
            "gt_credential_new_with_assertion",
        ],
    },
    Flow {
        name: "Environment variables",
        powershell: &["-EnvironmentVariable"],
        command: &["--environment-variables"],
        dotnet: &[("TokenClient", "FromEnvironment")],
        c: &["gt_client_new_environment"],
    },
    Flow {
        name: "Chain",
        powershell: &["-Chain"],
        command: &["--chain"],
        dotnet: &[("TokenClient", "FromChain"), ("TokenClient", "Chosen")],
        c: &["gt_client_new_chain", "gt_client_chosen"],
    },
    Flow {
        name: "Developer tools",
        powershell: &["-AzureCli", "-AzureDeveloperCli"],
        command: &["--azure-cli", "--azure-developer-cli"],
        dotnet: &[
            ("TokenClient", "FromAzureCli"),
            ("TokenClient", "FromAzureDeveloperCli"),
        ],
        c: &["gt_client_new_developer_tool"],
    },
    Flow {
        name: "Claims challenge",
        powershell: &["-Challenge", "-ClientCapability"],
        command: &["--challenge", "--client-capability"],
        dotnet: &[
            ("TokenRequestOptions", "Challenge"),
            ("TokenClientBuilder", "WithClientCapabilities"),
        ],
        c: &["`challenge`", "`capabilities`"],
    },
    Flow {
        name: "Other authorities",
        powershell: &["-AuthorityType"],
        command: &["--authority-type"],
        dotnet: &[("TokenClientBuilder", "WithAuthorityType")],
        c: &["`authority.type`"],
    },
    Flow {
        name: "Regional endpoint",
        powershell: &["-AzureRegion"],
        command: &["--azure-region"],
        dotnet: &[("TokenClientBuilder", "WithAzureRegion")],
        c: &["`authority.region`"],
    },
];

/// Where the table stands in the document.
const BEGIN: &str = "<!-- the table is written by the tests -->\n";
const END: &str = "<!-- end of the table -->\n";

#[test]
fn the_table_has_the_names_of_every_surface() {
    let document = read(PATH);
    let (before, rest) = document.split_once(BEGIN).expect("the table has a place");
    let (_, after) = rest.split_once(END).expect("the table has an end");
    compare(PATH, &format!("{before}{BEGIN}\n{}\n{END}{after}", table()));
}

#[test]
fn every_name_is_in_the_reference() {
    let powershell = read("docs/reference/powershell/Get-GraphToken.md");
    let command = read("docs/reference/graph-token.md");
    let c = read("docs/reference/c.md");
    for flow in FLOWS {
        for (page, names) in [(&powershell, flow.powershell), (&command, flow.command), (&c, flow.c)] {
            for name in names {
                assert!(page.contains(name), "{}: {name}", flow.name);
            }
        }
        for (class, member) in flow.dotnet {
            let page = read(&format!("docs/reference/dotnet/{class}.md"));
            assert!(page.contains(member), "{}: {class}.{member}", flow.name);
        }
    }
}

#[test]
fn every_flow_has_an_example_on_each_surface() {
    let document = read(PATH);
    let sections: Vec<&str> = document.split("\n## ").skip(1).collect();
    let names: Vec<&str> = sections.iter().map(|section| section.lines().next().unwrap()).collect();
    assert_eq!(names, FLOWS.iter().map(|flow| flow.name).collect::<Vec<_>>());
    for (section, flow) in sections.iter().zip(FLOWS) {
        for (language, names) in [
            ("powershell", flow.powershell.to_vec()),
            ("sh", flow.command.to_vec()),
            ("csharp", flow.dotnet.iter().map(|(_, member)| *member).collect()),
            ("c", flow.c.iter().map(|name| name.trim_matches('`')).collect()),
        ] {
            let begin = format!("\n```{language}\n");
            let block = section.split(&begin).nth(1).and_then(|rest| rest.split("\n```").next());
            let block = block.unwrap_or_else(|| panic!("{}: no example in {language}", flow.name));
            assert!(
                names.iter().any(|name| block.contains(name)),
                "{} in {language}: {block}",
                flow.name
            );
        }
    }
}

fn table() -> String {
    let mut table = String::from("| flow | PowerShell | `graph-token get` | .NET | C |\n|---|---|---|---|---|\n");
    for flow in FLOWS {
        let link = flow.name.to_lowercase().replace(' ', "-");
        let members: Vec<String> = flow
            .dotnet
            .iter()
            .map(|(class, member)| format!("{class}.{member}"))
            .collect();
        let row = [
            code(flow.powershell.iter()),
            code(flow.command.iter()),
            code(members.iter()),
            code(flow.c.iter().map(|name| name.trim_matches('`'))),
        ];
        writeln!(table, "| [{}](#{link}) | {} |", flow.name, row.join(" | ")).unwrap();
    }
    table
}

fn code<Name: std::fmt::Display>(names: impl Iterator<Item = Name>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
