# compares the weighbridge with the sum of the parcels, depot by depot
stamp <- function(...) cat(format(Sys.time(), "%Y-%m-%d %H:%M:%S", tz = "UTC"), "compare:", ..., "\n")
tolerance <- as.numeric(Sys.getenv("TOLERANCE_KG", "12"))

read_bridge <- function(file) {
  t <- read.csv(file, sep = ";", stringsAsFactors = FALSE)
  t$gross <- suppressWarnings(as.numeric(t$gross))
  stamp(nrow(t), "weighings in", file)
  t
}

check_depot <- function(row) {
  delta <- row$gross - row$parcels
  if (abs(delta) > tolerance) {
    stamp("depot", row$depot, "is off by", round(delta, 1), "kg")
    return(FALSE)
  }
  stamp("depot", row$depot, "agrees")
  TRUE
}

stamp("weighbridge comparison 1.3,", R.version.string)
options(warn = 1)
warning("locale of the bridge export is not set, taking C")
bridge <- read_bridge(Sys.getenv("BRIDGE_FILE", "/data/bridge.csv"))
ok <- vapply(seq_len(nrow(bridge)), function(i) check_depot(bridge[i, ]), logical(1))
stamp(sum(ok), "of", length(ok), "agree")
Sys.sleep(86400)
